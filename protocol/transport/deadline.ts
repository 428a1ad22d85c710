/** The three clocks of a connection. */
export type Clock = "connect" | "idle" | "total";

/** A timer counts in 32 bits: a longer one would run out at once. */
export const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** A clock ran out. Not `Deno.errors.TimedOut`, which is the kernel's own. */
export class TimeoutError extends Error {
  override name = "TimeoutError";

  constructor(readonly clock: Clock, readonly timeoutMs: number) {
    super(`The ${clock} limit of ${timeoutMs} ms ran out`);
  }
}

/**
 * An AbortSignal that fires after `timeoutMs` with a `TimeoutError` that names
 * the clock, or with `parent`, whichever comes first. Disposing it stops the
 * timer: `using` leaves nothing running. 0 ms means no limit.
 */
export class Deadline implements Disposable {
  readonly #controller = new AbortController();
  readonly #parent: AbortSignal | undefined;
  readonly #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(clock: Clock, timeoutMs: number, parent?: AbortSignal) {
    this.#parent = parent;
    if (parent?.aborted) this.#onParentAbort();
    else parent?.addEventListener("abort", this.#onParentAbort);
    if (timeoutMs > 0) {
      this.#timer = setTimeout(
        () => this.#controller.abort(new TimeoutError(clock, timeoutMs)),
        Math.min(timeoutMs, LONGEST_TIMER_MS),
      );
    }
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  readonly #onParentAbort = () => this.#controller.abort(this.#parent?.reason);

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
    this.#parent?.removeEventListener("abort", this.#onParentAbort);
  }
}

/**
 * A connection, or a `TimeoutError` of the connect clock. The clock ends with
 * the attempt, not with the connection.
 */
export async function connectWithin(
  timeoutMs: number,
  connect: typeof Deno.connect,
  { hostname, port, signal }: {
    hostname: string;
    port: number;
    signal?: AbortSignal | undefined;
  },
): Promise<Deno.TcpConn> {
  using deadline = new Deadline("connect", timeoutMs, signal);
  return await connect({ hostname, port, signal: deadline.signal });
}

/**
 * A deadline for attempt after attempt, thousands a second: `renew()` only
 * notes the time, and one timer looks at it now and then. 0 ms means no limit.
 *
 * When the timer itself comes late, this process is the one that is slow, and
 * the answer may lie in the kernel, unread: the attempt gets as long again as
 * the timer was late.
 */
export class RenewableDeadline implements Disposable {
  readonly #clock: Clock;
  readonly #timeoutMs: number;
  readonly #parent: AbortSignal | undefined;
  #controller = new AbortController();
  #startMs = 0;
  #lastCall = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(clock: Clock, timeoutMs: number, parent?: AbortSignal) {
    this.#clock = clock;
    this.#timeoutMs = timeoutMs;
    this.#parent = parent;
    parent?.addEventListener("abort", this.#onParentAbort);
  }

  /** Starts the clock again, and gives the signal for the next attempt. */
  renew(): AbortSignal {
    this.#startMs = performance.now();
    this.#lastCall = false;
    if (this.#timeoutMs > 0) this.#timer ??= this.#wait(this.#timeoutMs);
    if (this.#controller.signal.aborted) {
      this.#controller = new AbortController();
    }
    if (this.#parent?.aborted) this.#onParentAbort();
    return this.#controller.signal;
  }

  /** Stops the clock until the next `renew()`. */
  suspend(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #wait(ms: number) {
    return setTimeout(this.#onTimer, Math.min(ms, LONGEST_TIMER_MS));
  }

  readonly #onTimer = () => {
    const leftMs = this.#startMs + this.#timeoutMs - performance.now();
    if (leftMs > 0) {
      this.#timer = this.#wait(leftMs);
    } else if (!this.#lastCall) {
      this.#lastCall = true;
      this.#timer = this.#wait(-leftMs);
    } else {
      this.#timer = undefined;
      this.#controller.abort(new TimeoutError(this.#clock, this.#timeoutMs));
    }
  };

  readonly #onParentAbort = () => this.#controller.abort(this.#parent?.reason);

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
    this.#parent?.removeEventListener("abort", this.#onParentAbort);
  }
}
