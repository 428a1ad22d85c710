import { Countdown, TimeoutError } from "./deadline.ts";

export interface ClockOptions {
  /** Ends the connection when the peer kept us waiting for so long, in ms. */
  idleTimeoutMs?: number;
  /** Ends the connection so long after it began, in ms. 0: no limit. */
  totalTimeoutMs?: number;
}

/**
 * The two clocks of a connection that stands. The idle clock runs while a read
 * or write waits for the peer. It sees the kernel's buffers, not the wire: a
 * peer that takes minutes to read what a buffer holds counts as idle.
 */
export class Clocks {
  #idleTimeoutMs: number;
  readonly #idle: Countdown;
  readonly #total: Countdown | null;
  #lastActive = performance.now();
  /** Reads and writes that wait for the peer. Without one nobody is idle. */
  #waiting = 0;
  #stopped = false;

  /** `onEnd` is called when one of them runs out. */
  constructor(
    { idleTimeoutMs = 0, totalTimeoutMs = 0 }: ClockOptions,
    onEnd: (reason: TimeoutError) => void,
  ) {
    this.#idleTimeoutMs = idleTimeoutMs;
    this.#idle = new Countdown(
      () => this.#idleLeftMs(),
      () => onEnd(new TimeoutError("idle", this.#idleTimeoutMs)),
    );
    if (idleTimeoutMs > 0) this.#idle.start();
    this.#total = totalTimeoutMs === 0 ? null : Countdown.after(
      totalTimeoutMs,
      () => onEnd(new TimeoutError("total", totalTimeoutMs)),
    );
  }

  get idleTimeoutMs(): number {
    return this.#idleTimeoutMs;
  }

  set idleTimeoutMs(timeoutMs: number) {
    this.#idle.stop();
    this.#idleTimeoutMs = timeoutMs;
    this.#lastActive = performance.now();
    if (!this.#stopped && timeoutMs > 0) this.#idle.start();
  }

  /** A read or write begins to wait. */
  begin(): void {
    this.#lastActive = performance.now();
    this.#waiting++;
  }

  /** It waits no more. */
  end(): void {
    this.#lastActive = performance.now();
    this.#waiting--;
  }

  stop(): void {
    this.#stopped = true;
    this.#idle.stop();
    this.#total?.stop();
  }

  #idleLeftMs(): number {
    const idleMs = this.#waiting > 0 ? performance.now() - this.#lastActive : 0;
    return this.#idleTimeoutMs - idleMs;
  }
}
