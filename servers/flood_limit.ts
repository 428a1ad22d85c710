/**
 * So many lines per second, and no more than that at once. Over it nothing is
 * lost: `next()` says how long to wait before reading on, and TCP's own window
 * then stops the sender.
 */
export class FloodLimit {
  readonly #linesPerSecond: number;
  readonly #now: () => number;
  /** When all lines so far would be through, evenly spaced. */
  #throughMs = -Infinity;

  /** `now` is a clock in ms. */
  constructor(linesPerSecond: number, now = () => performance.now()) {
    this.#linesPerSecond = linesPerSecond;
    this.#now = now;
  }

  /** Counts one line; the wait before the next, in ms. */
  next(): number {
    const now = this.#now();
    // Whoever was silent for a second may say a second's lines at once.
    const spacingMs = 1000 / this.#linesPerSecond;
    this.#throughMs = Math.max(this.#throughMs, now - 1000 + spacingMs) +
      spacingMs;
    return Math.max(0, this.#throughMs - now);
  }
}
