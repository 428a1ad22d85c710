/** Where a conversation is typed and read. */
export interface Screen {
  /** The lines that are typed, until the end of input or Ctrl-C. */
  lines(signal: AbortSignal): AsyncIterable<string>;
  /** Shows a line of the conversation. */
  show(line: string): Promise<void> | void;
  /** Fires on Ctrl-C where that is a key. */
  readonly interruption: AbortSignal;
}
