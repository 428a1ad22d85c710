/** The three clocks of a connection. */
export type Clock = "connect" | "idle" | "total";

/** A clock ran out. The kernel has its own error, `Deno.errors.TimedOut`. */
export class TimeoutError extends Error {
  override name = "TimeoutError";

  constructor(readonly clock: Clock, readonly timeoutMs: number) {
    super(`The ${clock} limit of ${timeoutMs} ms ran out`);
  }
}

/** `setTimeout` counts in 32 bits: a longer delay would fire at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** Any timer may be this late, in ms, even in an idle process. */
const USUAL_LATENESS_MS = 20;

/** A process that is always late must not stop the clock forever. */
const MAX_EXTENSIONS = 10;

/**
 * The timer behind every clock. It checks `leftMs`, the time left, now and
 * then, so a clock can restart thousands of times a second without a new timer.
 * It calls `onEnd` once, when no time is left.
 *
 * A late timer means that this process was stopped or busy. The peer's data may
 * already lie unread in the kernel, and must not count as silence. So before it
 * gives up, the countdown waits once more, for as long as the timer was late.
 */
export class Countdown implements Disposable {
  readonly #leftMs: () => number;
  readonly #onEnd: () => void;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** When the timer is due. */
  #dueMs = 0;
  #extensions = 0;

  constructor(leftMs: () => number, onEnd: () => void) {
    this.#leftMs = leftMs;
    this.#onEnd = onEnd;
  }

  /** A countdown that runs out `ms` from now. */
  static after(ms: number, onEnd: () => void): Countdown {
    const endMs = performance.now() + ms;
    const countdown = new Countdown(() => endMs - performance.now(), onEnd);
    countdown.start();
    return countdown;
  }

  /** Starts the timer, unless it is already running. */
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
 * the clock, or when `parent` fires, whichever comes first. `using` stops the
 * timer. 0 ms means no limit.
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

  /** Restarts the clock and returns the signal for the next attempt. */
  renew(): AbortSignal {
    if (this.#controller.signal.aborted) {
      this.#controller = new AbortController();
    }
    this.#startMs = performance.now();
    if (this.#timeoutMs > 0) this.#countdown.start();
    if (this.#parent?.aborted) this.#onParentAbort();
    return this.#controller.signal;
  }

  /** Stops the clock until the next `renew()`. `parent` can still fire. */
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
