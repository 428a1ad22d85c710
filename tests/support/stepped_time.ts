/** A clock and waits, to be handed to who takes them: time goes on when told. */
export class SteppedTime {
  #nowMs = 0;
  readonly #waits: { dueMs: number; end: () => void }[] = [];

  readonly now = (): number => this.#nowMs;

  /** As `delay()`: fulfilled by `advance()`, or rejects when `signal` fires. */
  readonly wait = (ms: number, signal: AbortSignal): Promise<void> => {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#waits.push({ dueMs: this.#nowMs + ms, end: resolve });
    signal.addEventListener("abort", () => reject(signal.reason));
    return promise;
  };

  /** Goes on by `ms`: whatever is due on the way happens, one after the other. */
  async advance(ms: number): Promise<void> {
    const endMs = this.#nowMs + ms;
    for (;;) {
      // What has been fulfilled goes on first, and may wait again.
      await new Promise((resolve) => setImmediate(resolve));
      this.#waits.sort((a, b) => a.dueMs - b.dueMs);
      const next = this.#waits[0];
      if (next === undefined || next.dueMs > endMs) break;
      this.#waits.shift();
      this.#nowMs = Math.max(this.#nowMs, next.dueMs);
      next.end();
    }
    this.#nowMs = endMs;
  }
}
