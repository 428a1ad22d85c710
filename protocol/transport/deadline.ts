/** The three clocks of a connection. */
export type Clock = "connect" | "idle" | "total";

/** A clock ran out. Not `Deno.errors.TimedOut`, which is the kernel's own. */
export class TimeoutError extends Error {
  override name = "TimeoutError";

  constructor(readonly clock: Clock, readonly timeoutMs: number) {
    super(`The ${clock} limit of ${timeoutMs} ms ran out`);
  }
}

/** A timer counts in 32 bits: a longer one would run out at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** Every program is late by this much now and then, in ms. */
const USUAL_LATENESS_MS = 20;

/** A machine that is always late must not stop the clock for ever. */
const MAX_EXTENSIONS = 10;

/**
 * The timer behind every clock. `leftMs` says how much time is left: one timer
 * asks now and then, so that starting over costs no new timer, thousands of
 * times a second. When nothing is left, `onEnd` is called, once.
 *
 * A timer that comes late says that this process was held up: it was stopped,
 * or busy. What it waited for may lie in the kernel, unread, and must not count
 * as the peer's silence. So before the end it looks once more, and waits for
 * as long again as it was late.
 */
export class Countdown implements Disposable {
  readonly #leftMs: () => number;
  readonly #onEnd: () => void;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** When the timer should come. */
  #dueMs = 0;
  #extensions = 0;

  constructor(leftMs: () => number, onEnd: () => void) {
    this.#leftMs = leftMs;
    this.#onEnd = onEnd;
  }

  /** One that runs out `ms` from now. */
  static after(ms: number, onEnd: () => void): Countdown {
    const endMs = performance.now() + ms;
    const countdown = new Countdown(() => endMs - performance.now(), onEnd);
    countdown.start();
    return countdown;
  }

  /** Goes on if it runs already. */
  start(): void {
    this.#extensions = 0;
    if (this.#timer === undefined) this.#wait(this.#leftMs());
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  [Symbol.dispose](): void {
    this.stop();
  }

  #wait(ms: number): void {
    const waitMs = Math.min(ms, LONGEST_TIMER_MS);
    this.#dueMs = performance.now() + waitMs;
    this.#timer = setTimeout(this.#onTimer, waitMs);
  }

  readonly #onTimer = () => {
    const leftMs = this.#leftMs();
    const lateMs = performance.now() - this.#dueMs;
    if (leftMs > 0) {
      this.#extensions = 0;
      return this.#wait(leftMs);
    }
    const heldUp = lateMs > USUAL_LATENESS_MS;
    if (this.#extensions === 0 || heldUp && this.#extensions < MAX_EXTENSIONS) {
      this.#extensions++;
      return this.#wait(Math.max(lateMs, 0));
    }
    this.#timer = undefined;
    this.#onEnd();
  };
}

/**
 * An AbortSignal that fires after `timeoutMs` with a `TimeoutError` that names
 * the clock, or with `parent`, whichever comes first. `using` leaves nothing
 * running. 0 ms means no limit.
 */
export class Deadline implements Disposable {
  readonly #timeoutMs: number;
  readonly #parent: AbortSignal | undefined;
  readonly #countdown: Countdown;
  #controller = new AbortController();
  #startMs = 0;

  constructor(clock: Clock, timeoutMs: number, parent?: AbortSignal) {
    this.#timeoutMs = timeoutMs;
    this.#parent = parent;
    this.#countdown = new Countdown(
      () => this.#startMs + timeoutMs - performance.now(),
      () => this.#controller.abort(new TimeoutError(clock, timeoutMs)),
    );
    parent?.addEventListener("abort", this.#onParentAbort);
    this.renew();
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Starts the clock again; the signal for the next attempt. */
  renew(): AbortSignal {
    if (this.#controller.signal.aborted) {
      this.#controller = new AbortController();
    }
    this.#startMs = performance.now();
    if (this.#timeoutMs > 0) this.#countdown.start();
    if (this.#parent?.aborted) this.#onParentAbort();
    return this.#controller.signal;
  }

  /** Stops the clock until the next `renew()`. The parent still counts. */
  stop(): void {
    this.#countdown.stop();
  }

  [Symbol.dispose](): void {
    this.stop();
    this.#parent?.removeEventListener("abort", this.#onParentAbort);
  }

  readonly #onParentAbort = () => {
    this.stop();
    this.#controller.abort(this.#parent?.reason);
  };
}
