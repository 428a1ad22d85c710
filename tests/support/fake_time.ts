/** Taken before any test puts its own in their place. */
const real = {
  setTimeout: globalThis.setTimeout,
  clearTimeout: globalThis.clearTimeout,
  now: performance.now.bind(performance),
};

/** By how much `performance.now()` is ahead: time never goes back. */
let aheadMs = 0;
performance.now = () => real.now() + aheadMs;

interface Timer {
  dueMs: number;
  run: () => void;
}

const MAX_STEPS = 5_000;

/** No real timer has such a number. */
const FIRST_TIMER = 2 ** 40;

/**
 * Time that passes only when a test says so, for `setTimeout()` and
 * `performance.now()`: a clock that must not run out cannot, however slow the
 * machine is, and one that must does so at once. Sockets and files are real.
 */
export class FakeTime implements Disposable {
  readonly #timers = new Map<number, Timer>();
  readonly #startMs = performance.now();
  /** A whole number: the differences of two times are exact. */
  #nowMs = Math.ceil(this.#startMs);
  #nextTimer = FIRST_TIMER;

  constructor() {
    performance.now = () => this.#nowMs;
    globalThis.setTimeout = ((
      callback: (...args: unknown[]) => void,
      ms = 0,
      ...args: unknown[]
    ) => {
      const dueMs = this.#nowMs + Math.max(ms, 0);
      const run = () => callback(...args);
      this.#timers.set(this.#nextTimer, { dueMs, run });
      return this.#nextTimer++;
    }) as unknown as typeof setTimeout;
    globalThis.clearTimeout = (timer) => {
      if (!this.#timers.delete(Number(timer))) real.clearTimeout(timer);
    };
  }

  /** Lets `ms` pass, timer by timer. What each sets going runs before the next. */
  async pass(ms: number): Promise<void> {
    const endMs = this.#nowMs + ms;
    await othersRun();
    for (let due; (due = this.#takeDue(endMs)) !== null;) {
      this.#nowMs = Math.max(this.#nowMs, due.dueMs);
      due.run();
      await othersRun();
    }
    this.jump(Math.max(endMs - this.#nowMs, 0));
  }

  /** The same, all at once: nobody in this process had a turn meanwhile. */
  jump(ms: number): void {
    this.#nowMs += ms;
  }

  /**
   * Lets time pass, `stepMs` at a time, until `promise` settles.
   *
   * @throws It does not, for a quarter of a minute of real time at the least.
   */
  async passUntil<T>(promise: Promise<T>, stepMs = 10): Promise<T> {
    let settled = false;
    const onSettled = () => void (settled = true);
    promise.then(onSettled, onSettled);
    for (let step = 0; !settled; step++) {
      if (step === MAX_STEPS) throw new Error("What was awaited did not come");
      await this.pass(stepMs);
    }
    return await promise;
  }

  /** The earliest of the timers that are due by `endMs`. */
  #takeDue(endMs: number): Timer | null {
    const [first] = [...this.#timers].filter(([, { dueMs }]) => dueMs <= endMs)
      .sort(([, a], [, b]) => a.dueMs - b.dueMs);
    if (first === undefined) return null;
    this.#timers.delete(first[0]);
    return first[1];
  }

  [Symbol.dispose](): void {
    aheadMs += this.#nowMs - this.#startMs;
    performance.now = () => real.now() + aheadMs;
    globalThis.setTimeout = real.setTimeout;
    globalThis.clearTimeout = real.clearTimeout;
  }
}

/** What lies in the kernel by now is seen, and what follows from it happens. */
export async function othersRun(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) {
    await new Promise<void>((resolve) => real.setTimeout(resolve, 0));
  }
}
