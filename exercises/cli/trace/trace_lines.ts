import type { TraceEvent } from "../../../protocol/transport/trace.ts";
import { inRows } from "../../terminal/rows.ts";
import type { TraceFormat } from "../watch_options.ts";
import { describeEvent, hexDump, jsonEvent } from "./trace_words.ts";

/** A run of alike events that goes on is told of as often as this, in ms. */
const RUN_TOLD_MS = 1000;

/**
 * Events as lines for a person, `    1.2  1 -> "hello\r\n" 7 bytes`: ms,
 * connection, direction, what. Of a run of alike ones the first is shown, then
 * how many more there were. In JSON it is a line for each.
 */
export class TraceLines {
  #last = { whose: "", what: "" };
  #toldMs = 0;
  #lastMs = 0;
  #more = 0;

  constructor(
    readonly format: TraceFormat,
    readonly print: (line: string) => void,
    /** How wide a line may be, which can change. */
    readonly columns: () => number,
  ) {}

  push(event: TraceEvent): void {
    if (this.format === "json") return this.print(jsonEvent(event));
    const { t, conn, dir } = event;
    const whose = ` ${String(conn).padStart(2)} ${dir} `;
    const columns = this.columns();
    const room = columns - formatMs(t).length - whose.length;
    let what = describeEvent(event, room);
    if (this.format === "hex" && event.data) {
      what += `\n${hexDump(event, columns)}`;
    }
    if (what !== this.#last.what || whose !== this.#last.whose) {
      this.end();
      this.#last = { whose, what };
      this.#tell(t, what);
    } else {
      this.#more++;
      this.#lastMs = t;
      if (t - this.#toldMs >= RUN_TOLD_MS) this.end();
    }
  }

  /** Tells how long the run is that has not ended. */
  end(): void {
    if (this.#more > 0) this.#tell(this.#lastMs, `${this.#more} more like it`);
    this.#more = 0;
  }

  #tell(t: number, what: string): void {
    const [line = ""] = what.split("\n", 1);
    const first = formatMs(t) + this.#last.whose + line;
    // An address can be wider than the terminal.
    this.print(inRows(first, this.columns() + 1) + what.slice(line.length));
    this.#toldMs = t;
  }
}

function formatMs(t: number): string {
  return t.toFixed(1).padStart(7);
}
