import type { Socket } from "../socket.ts";

/** What a fault has beside its socket: fakes in a test. */
export interface FaultTools {
  /** A clock in ms. */
  now: () => number;
  /** Fulfilled after `ms`; rejects when `signal` fires first. */
  wait: (ms: number, signal: AbortSignal) => Promise<void>;
  /** From 0 up to 1, the same for the same seed. */
  random: () => number;
}

/**
 * The fault that does nothing. Every other one is this with a change to what is
 * written: a fault stands in one direction, before the socket that it ends in.
 */
export class Pass implements Socket {
  /** Fires when nobody is left to wait for. */
  readonly #closing = new AbortController();

  /** `value` and `second` are what the fault is given: `slice=1,gap=20`. */
  constructor(
    protected readonly socket: Socket,
    protected readonly tools: FaultTools,
    protected readonly value = 0,
    protected readonly second = 0,
  ) {}

  get localAddr() {
    return this.socket.localAddr;
  }

  get remoteAddr() {
    return this.socket.remoteAddr;
  }

  read(buffer: Uint8Array): Promise<number | null> {
    return this.socket.read(buffer);
  }

  /** May take a part, as every socket: the rest is offered again. */
  write(data: Uint8Array): Promise<number> {
    return this.socket.write(data);
  }

  closeWrite(): Promise<void> {
    return this.socket.closeWrite();
  }

  /** Fulfilled when nothing is held back here. */
  drained(): Promise<void> {
    return Promise.resolve();
  }

  setNoDelay(noDelay = true): void {
    this.socket.setNoDelay?.(noDelay);
  }

  close(reason?: unknown): void {
    this.#closing.abort(new Deno.errors.Interrupted("The connection closed"));
    this.socket.close(reason);
  }

  [Symbol.dispose](): void {
    this.close();
  }

  /** Waits, but not for longer than the connection lasts. */
  protected async waitFor(ms: number): Promise<void> {
    if (ms > 0) await this.tools.wait(ms, this.#closing.signal);
    this.#closing.signal.throwIfAborted();
  }
}
