/** The three clocks of a connection. */
export type Clock = "connect" | "idle" | "total";

/** A clock ran out. Not `Deno.errors.TimedOut`, which is the kernel's own. */
export class TimeoutError extends Error {
  override name = "TimeoutError";

  constructor(readonly clock: Clock, readonly timeoutMs: number) {
    super(`The ${clock} limit of ${timeoutMs} ms ran out`);
  }
}
