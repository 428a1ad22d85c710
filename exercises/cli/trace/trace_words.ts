import { counted, jsonLine, roundMs } from "../../../protocol/text.ts";
import type { TraceEvent } from "../../../protocol/transport/trace.ts";
import { widthAtMost } from "../../terminal/rows.ts";

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
  for (const character of textOf(event)) {
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

/** The bytes as `xxd` shows them, in rows of at most `columns`. */
export function hexRows(
  { bytes = 0, data = new Uint8Array() }: TraceEvent,
  columns: number,
): string[] {
  // 10 for the offset, 2 before the text; 2.5 and 1 for each byte.
  const perRow = [16, 8, 4].find((n) => 11 + 3.5 * n <= columns) ?? 2;
  const rows: string[] = [];
  for (let at = 0; at < data.length; at += perRow) {
    const row = data.subarray(at, at + perRow);
    const offset = at.toString(16).padStart(8, "0");
    const pairs = hexOf(row).replace(/..../g, "$& ").padEnd(2.5 * perRow);
    const text = Array.from(
      row,
      (byte) => byte < 0x20 || byte > 0x7e ? "." : String.fromCharCode(byte),
    );
    rows.push(`${offset}: ${pairs} ${text.join("")}`);
  }
  const left = bytes - data.length;
  return left > 0 ? [...rows, `(and ${left} more)`] : rows;
}

function hexOf(data: Uint8Array): string {
  return Array.from(data, (byte) => byte.toString(16).padStart(2, "0"))
    .join("");
}

/** The event as a line of JSON. */
export function jsonEvent(event: TraceEvent): string {
  const { t, conn, role, dir, kind, bytes, data, peer } = event;
  const told = data && { bytes, text: textOf(event), hex: hexOf(data) };
  return jsonLine({ t: roundMs(t), conn, role, dir, kind, ...told, peer });
}
