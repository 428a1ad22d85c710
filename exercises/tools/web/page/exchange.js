/**
 * What the sockets of one run did, in rows to draw: pure, and bounded however
 * long the run is.
 */

/** So many rows are kept; when there are a tenth more, the oldest go. */
export const KEPT_ROWS = 10_000;

/** Of the bytes of all rows together, as hex digits. */
const KEPT_DIGITS = 8_000_000;

/** More connections than these at once share a lane with another one. */
export const MAX_LANES = 4;

const LABEL_LENGTH = 100;

/** Moves, hides or reverses what stands beside it. */
const UNSAFE =
  // deno-lint-ignore no-control-regex
  /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

/** `text` on one line, with everything in it to be seen. */
export function visible(text) {
  return JSON.stringify(text).slice(1, -1).replace(UNSAFE, escaped);
}

/** The same for text of several lines: line ends and tabs are themselves. */
export function visibleLines(text) {
  return text.replaceAll("\r\n", "\n").replace(
    UNSAFE,
    (character) =>
      character === "\n" || character === "\t" ? character : escaped(character),
  );
}

function escaped(character) {
  const code = character.charCodeAt(0).toString(16);
  return code.length > 2
    ? `\\u${code.padStart(4, "0")}`
    : `\\x${code.padStart(2, "0")}`;
}

export class Exchange {
  /** `{ kind: "head", … }` where a connection begins, and its events. */
  rows = [];
  /** How many connections have been side by side. */
  lanes = 1;
  /** What is no longer in `rows`. */
  folded = { events: 0, "->": 0, "<-": 0 };
  foldedRows = 0;
  events = 0;
  connections = 0;
  /** Those that have not ended, by number. */
  #open = new Map();
  #digits = 0;
  /** The rows before this one have lost their bytes. */
  #bare = 0;

  /** `name` is what the end is called that tells all this. */
  constructor(name) {
    this.name = name;
  }

  add({ t, conn, role, dir, kind, bytes = 0, text = "", hex = "", peer }) {
    this.events++;
    let connection = this.#open.get(conn);
    const isFirst = connection === undefined;
    if (isFirst) connection = this.#begin(conn, role, peer);
    if (kind === "fin") connection.fins++;
    const isHalf = kind === "fin" && connection.fins === 1;
    const { lane, isShared } = connection;
    this.rows.push({
      ...{ kind, t, conn, lane, isShared, bytes, hex, peer, isHalf, dir },
      // An end of one's own goes nowhere.
      shape: /close|timeout|failed/.test(kind)
        ? role === "client" ? "left" : "right"
        : dir,
      label: kind === "data" ? `"${shorten(text, bytes, hex)}` : "",
    });
    this.#digits += hex.length;
    const isOver = kind === "close" ||
      isFirst && kind !== "connect" && kind !== "accept";
    if (isOver) this.#open.delete(conn);
    this.#fold();
  }

  #begin(conn, role, peer) {
    const taken = new Set([...this.#open.values()].map(({ lane }) => lane));
    let lane = 0;
    while (taken.has(lane)) lane++;
    const isShared = lane >= MAX_LANES;
    if (isShared) lane = conn % MAX_LANES;
    this.lanes = Math.max(this.lanes, lane + 1);
    this.connections++;
    const connection = { lane, isShared, fins: 0 };
    this.#open.set(conn, connection);
    const [left, right] = role === "client"
      ? [this.name, peer]
      : [peer, this.name];
    this.rows.push({ kind: "head", conn, lane, left, right });
    return connection;
  }

  #fold() {
    if (this.rows.length >= 1.1 * KEPT_ROWS) {
      const old = this.rows.splice(0, this.rows.length - KEPT_ROWS);
      this.foldedRows += old.length;
      for (const { kind, dir, bytes, hex } of old) {
        if (kind === "head") continue;
        this.folded.events++;
        this.folded[dir] += bytes;
        this.#digits -= hex.length;
      }
      this.#bare = Math.max(0, this.#bare - old.length);
    }
    while (this.#digits > KEPT_DIGITS) {
      const row = this.rows[this.#bare++];
      this.#digits -= row.hex?.length ?? 0;
      if (row.hex) row.hex = "";
    }
  }
}

function shorten(text, bytes, hex) {
  const shown = visible(text.slice(0, LABEL_LENGTH));
  const isWhole = shown.length <= LABEL_LENGTH &&
    text.length <= LABEL_LENGTH && 2 * bytes <= hex.length;
  return isWhole ? `${shown}"` : `${shown.slice(0, LABEL_LENGTH)}..."`;
}

/** Hex digits as `xxd` shows the bytes, so many of them in a row. */
export function hexDump(digits, perRow = 16) {
  const rows = [];
  for (let at = 0; at < digits.length; at += 2 * perRow) {
    const part = digits.slice(at, at + 2 * perRow);
    const words = part.match(/..?.?.?/g).join(" ");
    const text = part.match(/../g).map((pair) => {
      const code = parseInt(pair, 16);
      return code < 0x20 || code > 0x7e ? "." : String.fromCharCode(code);
    }).join("");
    const offset = (at / 2).toString(16).padStart(8, "0");
    rows.push(`${offset}: ${words.padEnd(2.5 * perRow - 1)}  ${text}`);
  }
  return rows.join("\n");
}

/** The bytes as text. What is no UTF-8 is shown as such. */
export function textOf(digits) {
  const bytes = (digits.match(/../g) ?? []).map((pair) => parseInt(pair, 16));
  return new TextDecoder().decode(new Uint8Array(bytes));
}
