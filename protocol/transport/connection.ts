import { ProtocolError } from "../errors.ts";
import { refuseSelfConnection } from "./address.ts";
import { type Clock, LONGEST_TIMER_MS, TimeoutError } from "./deadline.ts";
import type { Reader, Writer } from "./socket.ts";

export interface ConnectionOptions {
  /** Ends the connection when the peer kept us waiting for so long, in ms. */
  idleTimeoutMs?: number;
  /** Ends the connection so long after it began, in ms. 0: no limit. */
  totalTimeoutMs?: number;
  /** Ends the connection when it fires. */
  signal?: AbortSignal | undefined;
}

/** Input that is thrown away goes here: nobody reads it, so all may share it. */
const discarded = new Uint8Array(64 * 1024);

const DRAIN_TIMEOUT_MS = 1000;

/**
 * A TCP connection with clocks. `read()` takes no signal: the only way to stop
 * a read that waits is to close the connection. This class does so when a
 * clock runs out or the signal fires, and makes the read reject with that
 * reason instead of `Interrupted`.
 *
 * The idle clock runs while a read or write waits for the peer. It sees the
 * kernel's buffers, not the wire: a peer that takes minutes to read what a
 * buffer holds counts as idle.
 *
 * @throws {Deno.errors.ConnectionRefused} `conn` is connected to itself.
 */
export class Connection implements Reader, Writer, Disposable {
  readonly #conn: Deno.TcpConn;
  readonly #signal: AbortSignal | undefined;
  #idleTimeoutMs: number;
  #idleTimer: ReturnType<typeof setTimeout> | undefined;
  readonly #totalTimer: ReturnType<typeof setTimeout> | undefined;
  #lastActive = performance.now();
  /** Reads and writes that wait for the peer. Without one nobody is idle. */
  #waiting = 0;
  #abandonWrite: ((reason: unknown) => void) | null = null;
  #closed = false;
  #reason: unknown = null;

  constructor(
    conn: Deno.TcpConn,
    { idleTimeoutMs = 0, totalTimeoutMs = 0, signal }: ConnectionOptions = {},
  ) {
    try {
      refuseSelfConnection(conn);
    } catch (error) {
      conn.close();
      throw error;
    }
    this.#conn = conn;
    this.#signal = signal;
    this.#idleTimeoutMs = idleTimeoutMs;
    if (signal?.aborted) this.#onAbort();
    else signal?.addEventListener("abort", this.#onAbort);
    if (this.#closed) return;
    if (idleTimeoutMs > 0) this.#watchIdle(idleTimeoutMs);
    if (totalTimeoutMs > 0) {
      this.#totalTimer = this.#startTimer("total", totalTimeoutMs);
    }
  }

  get localAddr(): Deno.NetAddr {
    return this.#conn.localAddr;
  }

  get remoteAddr(): Deno.NetAddr {
    return this.#conn.remoteAddr;
  }

  /** Why the connection was closed from this side before its time, or null. */
  get closeReason(): unknown {
    return this.#reason;
  }

  /** @throws Why it was closed from this side, if it was. */
  throwIfClosed(): void {
    if (this.#closed) throw this.#reason ?? closedError();
  }

  /** The limit in force. Who knows why may let the peer take longer. */
  get idleTimeoutMs(): number {
    return this.#idleTimeoutMs;
  }

  set idleTimeoutMs(timeoutMs: number) {
    clearTimeout(this.#idleTimer);
    this.#idleTimeoutMs = timeoutMs;
    this.#lastActive = performance.now();
    if (!this.#closed && timeoutMs > 0) this.#watchIdle(timeoutMs);
  }

  /** Reads a part into `buffer`; null when the peer ended its side (FIN). */
  read(buffer: Uint8Array): Promise<number | null> {
    this.#lastActive = performance.now();
    this.#waiting++;
    return this.#conn.read(buffer).then(this.#onDone, this.#onFailure);
  }

  /** Writes a part of `data` and says how much. One writer at a time. */
  write(data: Uint8Array): Promise<number> {
    this.#lastActive = performance.now();
    this.#waiting++;
    // Before Deno 2.9.5 closing does not always end a write that waits. It is
    // given up here, so that a peer that never reads holds nobody up.
    const { promise, resolve, reject } = Promise.withResolvers<number>();
    this.#abandonWrite = reject;
    this.#conn.write(data).then(resolve, reject);
    return promise.then(this.#onDone, this.#onFailure);
  }

  readonly #onDone = <T>(count: T): T => {
    this.#waiting--;
    this.#lastActive = performance.now();
    return count;
  };

  readonly #onFailure = (error: unknown): never => {
    this.#waiting--;
    throw this.#reason ?? error;
  };

  /**
   * Small writes go out at once. By default the second one waits for the
   * peer's ACK (Nagle, RFC 896), and the peer's ACK waits for more to come.
   */
  setNoDelay(): void {
    this.#conn.setNoDelay();
  }

  /** Half-close: sends FIN. The peer can still send, and be read. */
  async closeWrite(): Promise<void> {
    try {
      await this.#conn.closeWrite();
    } catch (error) {
      throw this.#reason ?? error;
    }
  }

  /**
   * Ends in order: FIN, then throw away what the peer still sends until its
   * FIN, then close. Closing with unread input would send RST, and RST
   * destroys what is still on its way to the peer (RFC 1122, 4.2.2.13).
   * Bounded: a peer that has not ended after a second is cut off.
   */
  async closeInOrder(): Promise<void> {
    const timer = setTimeout(
      () => this.close(new ProtocolError("The peer did not end its side")),
      DRAIN_TIMEOUT_MS,
    );
    try {
      await this.#conn.closeWrite();
      while (await this.#conn.read(discarded) !== null) { /* Thrown away. */ }
    } catch (error) {
      // The peer is gone, or took too long: either way this is the end.
      this.close(error);
    } finally {
      clearTimeout(timer);
      this.close();
    }
  }

  /** Closes at once. `reason` is what waiting reads and writes reject with. */
  close(reason: unknown = null): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#reason = reason;
    clearTimeout(this.#idleTimer);
    clearTimeout(this.#totalTimer);
    this.#signal?.removeEventListener("abort", this.#onAbort);
    this.#conn.close();
    this.#abandonWrite?.(closedError());
  }

  [Symbol.dispose](): void {
    this.close();
  }

  readonly #onAbort = () => this.close(this.#signal?.reason);

  #startTimer(clock: Clock, timeoutMs: number) {
    return setTimeout(
      () => this.close(new TimeoutError(clock, timeoutMs)),
      Math.min(timeoutMs, LONGEST_TIMER_MS),
    );
  }

  /** One timer that looks at the last activity, not one timer per read. */
  #watchIdle(inMs: number): void {
    // This one looks, and waits for the rest.
    const waitMs = Math.min(inMs, LONGEST_TIMER_MS);
    this.#idleTimer = setTimeout(() => {
      const idleMs = this.#waiting > 0
        ? performance.now() - this.#lastActive
        : 0;
      if (idleMs < this.#idleTimeoutMs) {
        this.#watchIdle(this.#idleTimeoutMs - idleMs);
      } else this.close(new TimeoutError("idle", this.#idleTimeoutMs));
    }, waitMs);
  }
}

function closedError(): Error {
  return new Deno.errors.Interrupted("The connection closed");
}
