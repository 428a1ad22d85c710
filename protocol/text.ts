/** A line without its line end is at most this long, in bytes. */
export const MAX_LINE_BYTES = 4096;

// C0 and C1 controls and DEL, except tab and LF; and the bidirectional
// overrides, which can make a line read as something else.
const UNSAFE =
  // deno-lint-ignore no-control-regex
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g;

/**
 * `text` from a peer, safe to show on a terminal: control characters, which
 * could move the cursor, retitle the window or hide text, become visible
 * escapes such as `\x1b`. Tabs and line ends stay; CR before LF is dropped.
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
 * `value` as one line of JSON that drives no terminal. JSON itself escapes C0
 * only; who parses this gets the same value.
 */
export function jsonLine(value: unknown): string {
  return JSON.stringify(value).replace(
    UNSAFE,
    (character) => `\\u${hex(character, 4)}`,
  );
}

/** `text` without what is unsafe, to be sent on: tabs and LF stay. */
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
 * `text` in quotes, for a sentence: on one line, cut when it is long, and with
 * nothing in it that drives a terminal.
 */
export function quote(text: string): string {
  const shown = text.length > SHOWN_LENGTH
    ? `${text.slice(0, SHOWN_LENGTH)}...`
    : text;
  return jsonLine(shown);
}

/** A duration in ms for a report: microseconds are enough. */
export function roundMs(ms: number): number {
  return Number(ms.toFixed(3));
}

/** `1 file`, `2 files`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
