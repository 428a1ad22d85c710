import { counted, jsonLine, roundMs } from "../../../protocol/text.ts";
import type { TraceEvent } from "../../../protocol/transport/trace.ts";
import { inRows, widthAtMost } from "../../terminal/rows.ts";
import type { TraceFormat } from "../shared_parameters.ts";

/**
 * What happened, in at most `columns`: `"hello\r\n" 7 bytes`, `FIN`,
 * `connect 127.0.0.1:7007`. Nothing in it drives a terminal.
 */
export function describeEvent(event: TraceEvent, columns: number): string {
  const { kind, bytes = 0, peer } = event;
  switch (kind) {
    case "data": {
      const size = ` ${counted(bytes, "byte")}`;
      return quoteData(event, columns - size.length) + size;
    }
    case "fin":
    case "rst":
      return kind.toUpperCase();
    case "close":
      return kind;
    default:
      return `${kind} ${peer}`;
  }
}

const CUT = '..."';

/** The bytes as text: `"hello\r\n"`, or as much as fits, `"hello w..."`. */
export function quoteData(event: TraceEvent, columns: number): string {
  let shown = '"';
  let whole = true;
  let width = 1;
  let fitting = 1;
  // A character has four bytes at most: more of them would not fit.
  const data = event.data?.subarray(0, Math.max(4 * columns, 4)) ??
    new Uint8Array();
  for (const character of textOf({ ...event, data })) {
    // Line ends, quotes and what a terminal would obey, as JSON writes them.
    const visible = jsonLine(character).slice(1, -1);
    width += widthAtMost(visible);
    if (width + CUT.length <= columns) fitting = shown.length + visible.length;
    shown += visible;
    whole = width < columns;
    if (!whole) break;
  }
  const cut = (event.bytes ?? 0) > (event.data?.length ?? 0);
  return whole && !cut ? `${shown}"` : shown.slice(0, fitting) + CUT;
}

/** A character that is cut in two is not shown as a wrong one. */
function textOf({ bytes = 0, data = new Uint8Array() }: TraceEvent): string {
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  return decoder.decode(data, { stream: bytes > data.length });
}

const DIGITS = new TextEncoder().encode("0123456789abcdef");
const [LINE_END, SPACE, DOT, COLON, TILDE] = [0x0a, 0x20, 0x2e, 0x3a, 0x7e];

/** Used again: a file makes many dumps, and text in pieces as much garbage. */
let dump = new Uint8Array();

/** The bytes as `xxd` shows them, in rows of at most `columns`. */
export function hexDump(
  { bytes = 0, data = new Uint8Array() }: TraceEvent,
  columns: number,
): string {
  // 10 for the offset, 1 before the text; 2.5 and 1 for each byte.
  const perRow = [16, 8, 4].find((n) => 11 + 3.5 * n <= columns) ?? 2;
  const rowLength = 12 + 3.5 * perRow;
  const length = Math.ceil(data.length / perRow) * rowLength;
  if (dump.length < length) dump = new Uint8Array(length);
  dump.fill(SPACE);
  let end = 0;
  for (let at = 0; at < data.length; at++) {
    const byte = data[at]!;
    const i = at % perRow;
    const row = (at - i) / perRow * rowLength;
    if (i === 0) {
      if (at > 0) dump[row - 1] = LINE_END;
      writeHex(row, at, 8);
      dump[row + 8] = COLON;
    }
    writeHex(row + 10 + 2 * i + (i >> 1), byte, 2);
    end = row + 11 + 2.5 * perRow + i;
    dump[end++] = byte < SPACE || byte > TILDE ? DOT : byte;
  }
  const left = bytes - data.length;
  return new TextDecoder().decode(dump.subarray(0, end)) +
    (left > 0 ? `\n(and ${left} more)` : "");
}

function writeHex(place: number, value: number, digits: number): void {
  for (let n = digits - 1; n >= 0; n--, value >>= 4) {
    dump[place + n] = DIGITS[value & 0xf]!;
  }
}

/** The same without rows: `68656c6c6f`. */
function hexOf(data: Uint8Array): string {
  const length = 2 * data.length;
  if (dump.length < length) dump = new Uint8Array(length);
  for (let at = 0; at < data.length; at++) writeHex(2 * at, data[at]!, 2);
  return new TextDecoder().decode(dump.subarray(0, length));
}

/** The event as JSON tells it. */
export function eventFields(event: TraceEvent): Record<string, unknown> {
  const { t, conn, role, dir, kind, bytes, data, peer } = event;
  const told = data && { bytes, text: textOf(event), hex: hexOf(data) };
  return { t: roundMs(t), conn, role, dir, kind, ...told, peer };
}

/** The same as a line. */
export function jsonEvent(event: TraceEvent): string {
  return jsonLine(eventFields(event));
}

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
