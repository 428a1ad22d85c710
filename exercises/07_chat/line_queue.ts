/**
 * Lines on their way from who types them to who sends them: typing goes on
 * while a line is sent.
 */
export class LineQueue implements AsyncIterable<string> {
  readonly #lines: string[] = [];
  #ended = false;
  #error: unknown;
  #wake = () => {};

  push(line: string): void {
    this.#lines.push(line);
    this.#wake();
  }

  /** No more will come; `error`, if there is one, is thrown after the last. */
  end(error?: unknown): void {
    this.#ended = true;
    this.#error = error;
    this.#wake();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<string> {
    for (;;) {
      const line = this.#lines.shift();
      if (line !== undefined) yield line;
      else if (!this.#ended) {
        await new Promise<void>((resolve) => this.#wake = resolve);
      } else if (this.#error !== undefined) throw this.#error;
      else return;
    }
  }
}
