/** The peer broke the protocol: its data cannot be understood. */
export class ProtocolError extends Error {
  override name = "ProtocolError";
}

/** A line was longer than the limit. Reading continues at the next line. */
export class LineTooLongError extends ProtocolError {
  override name = "LineTooLongError";

  constructor(readonly maxLineBytes: number) {
    super(`Line is longer than ${maxLineBytes} bytes`);
  }
}

/** The input ended in the middle of a line or of announced bytes. */
export class UnexpectedEndError extends ProtocolError {
  override name = "UnexpectedEndError";
}

/** An error's message, without its `(os error N)`. */
export function messageOf(error: unknown): string {
  return error instanceof Error
    ? error.message.replace(/ ?\(os error \d+\)/, "")
    : String(error);
}
