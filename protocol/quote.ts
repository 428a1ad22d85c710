const SHOWN_LENGTH = 60;

/** `text` in quotes, for a sentence: on one line, and cut when it is long. */
export function quote(text: string): string {
  return JSON.stringify(
    text.length > SHOWN_LENGTH ? `${text.slice(0, SHOWN_LENGTH)}...` : text,
  );
}
