import { Countdown, TimeoutError } from "./deadline.ts";

export interface ClockOptions {
  /** Closes the connection after the peer keeps us waiting this long, in ms. */
  idleTimeoutMs?: number;
  /** Closes the connection this long after it began, in ms. 0: no limit. */
  totalTimeoutMs?: number;
}

/**
 * The two clocks of an established connection. The idle clock runs while a read
 * or write waits for the peer. It sees the kernel's buffers, not the wire: a
 * peer that takes minutes to read a full buffer counts as idle.
 */
export class Clocks {
  #idleTimeoutMs: number;
  readonly #idle: Countdown;
  readonly #total: Countdown | null;
  #lastActive = performance.now();
  /** Reads and writes that wait for the peer. With none, it cannot be idle. */
  #waiting = 0;
  #stopped = false;

  /** `onEnd` is called when a clock runs out. */
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

  /** Call this when a read or write begins to wait. */
  begin(): void {
    this.#lastActive = performance.now();
    this.#waiting++;
  }

  /** Call this when a read or write has finished. */
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
