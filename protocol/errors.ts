/** The peer broke the rules of the protocol: what it sent cannot be understood. */
export class ProtocolError extends Error {
  override name = "ProtocolError";
}

/** A line was longer than the limit. The reader goes on at the next line. */
export class LineTooLongError extends ProtocolError {
  override name = "LineTooLongError";

  constructor(readonly maxLineBytes: number) {
    super(`Line is longer than ${maxLineBytes} bytes`);
  }
}

/** The peer ended its side in the middle of a line or of announced bytes. */
export class UnexpectedEndError extends ProtocolError {
  override name = "UnexpectedEndError";
}

/** What an error says, without the number that only the system knows by heart. */
export function messageOf(error: unknown): string {
  return error instanceof Error
    ? error.message.replace(/ ?\(os error \d+\)/, "")
    : String(error);
}
