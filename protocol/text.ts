/** The longest line, in bytes, not counting its line end. */
export const MAX_LINE_BYTES = 4096;

// C0 and C1 controls and DEL, except tab and LF; and the bidirectional
// overrides, which can make a line read as something else.
const UNSAFE =
  // deno-lint-ignore no-control-regex
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g;

/**
 * Makes `text` from a peer safe to show on a terminal: control characters,
 * which could move the cursor, retitle the window or hide text, become visible
 * escapes such as `\x1b`. Keeps tabs and line ends; drops CR before LF.
 */
export function printable(text: string): string {
  return text.replaceAll("\r\n", "\n").replace(
    UNSAFE,
    (character) =>
      character < "\u0100"
        ? `\\x${hex(character, 2)}`
        : `\\u${hex(character, 4)}`,
  );
}

/**
 * `value` as one line of JSON, safe to show on a terminal. JSON itself escapes
 * only C0. A parser still gets the same value.
 */
export function jsonLine(value: unknown): string {
  return JSON.stringify(value).replace(
    UNSAFE,
    (character) => `\\u${hex(character, 4)}`,
  );
}

/** Removes unsafe characters before `text` is sent on. Keeps tabs and LF. */
export function withoutControls(text: string): string {
  return text.replace(UNSAFE, "");
}

/** `text` on one line with its line ends visible: `hello\r\n`. For traces. */
export function visibleLineEnds(text: string): string {
  return printable(text.replaceAll("\r\n", "\\r\\n").replaceAll("\n", "\\n"));
}

function hex(character: string, digits: number): string {
  return character.charCodeAt(0).toString(16).padStart(digits, "0");
}

const SHOWN_LENGTH = 60;

/**
 * Quotes `text` for use in a sentence: on one line, cut if long, and safe to
 * show on a terminal.
 */
export function quote(text: string): string {
  const shown = text.length > SHOWN_LENGTH
    ? `${text.slice(0, SHOWN_LENGTH)}...`
    : text;
  return jsonLine(shown);
}

/** Rounds a duration in ms to microseconds, for reports. */
export function roundMs(ms: number): number {
  return Number(ms.toFixed(3));
}

/** `1 file`, `2 files`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
