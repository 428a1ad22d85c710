import { jsonLine } from "./printable.ts";

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
