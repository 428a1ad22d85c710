import type { TraceEvent } from "../../../protocol/transport/trace.ts";
import type { TraceFormat } from "../watch_options.ts";
import { describeEvent, hexRows, jsonEvent } from "./trace_words.ts";

/** A run of alike events that goes on is told of as often as this, in ms. */
const RUN_TOLD_MS = 1000;

/**
 * Events as lines for a person, `     1.2  1 ->  "hello\r\n" 7 bytes`: ms,
 * connection, direction, what. Of a run of alike ones the first is shown, then
 * how many more there were. In JSON it is a line for each.
 */
export class TraceLines {
  #last = "";
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
    const columns = this.columns();
    const whose = `${String(conn).padStart(2)} ${dir} `;
    const room = columns - formatMs(t).length - whose.length - 2;
    const rows = this.format === "hex" ? hexRows(event, columns) : [];
    const what = [`${whose} ${describeEvent(event, room)}`, ...rows].join("\n");
    this.#lastMs = t;
    if (what === this.#last) {
      this.#more++;
      if (t - this.#toldMs >= RUN_TOLD_MS) this.end();
      return;
    }
    this.end();
    this.#last = what;
    this.#toldMs = t;
    this.print(`${formatMs(t)} ${what}`);
  }

  /** Tells how long the run is that has not ended. */
  end(): void {
    if (this.#more === 0) return;
    const dots = this.#last.replace(/ {2}[^]*/, "");
    this.print(`${formatMs(this.#lastMs)} ${dots}  ${this.#more} more like it`);
    this.#toldMs = this.#lastMs;
    this.#more = 0;
  }
}

function formatMs(t: number): string {
  return t.toFixed(1).padStart(8);
}
