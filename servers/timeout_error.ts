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
