import { ProtocolError } from "../errors.ts";
import { MAX_LINE_BYTES } from "../text.ts";
import { type Endpoint, refuseSelfConnection } from "./address.ts";
import { Countdown, TimeoutError } from "./deadline.ts";
import { LineReader } from "./line_reader.ts";
import type { Reader, Socket, Writer } from "./socket.ts";

export interface ConnectionOptions {
  /** Ends the connection when the peer kept us waiting for so long, in ms. */
  idleTimeoutMs?: number;
  /** Ends the connection so long after it began, in ms. 0: no limit. */
  totalTimeoutMs?: number;
  /** The longest line that `readLine()` takes, in bytes. */
  maxLineBytes?: number;
  /** Ends the connection when it fires. */
  signal?: AbortSignal | undefined;
}

/** Input that is thrown away goes here: nobody reads it, so all may share it. */
const discarded = new Uint8Array(64 * 1024);

const DRAIN_TIMEOUT_MS = 1000;

/**
 * A socket with clocks and its one reader: lines and bytes come out of the same
 * buffer, whoever asks, so that none is lost between two.
 *
 * `Socket.read()` takes no signal: the only way to stop a read that waits is to
 * close the socket. This class does so when a clock runs out or the signal
 * fires, and makes the read reject with that reason instead of `Interrupted`.
 *
 * The idle clock runs while a read or write waits for the peer. It sees the
 * kernel's buffers, not the wire: a peer that takes minutes to read what a
 * buffer holds counts as idle.
 *
 * @throws {Deno.errors.ConnectionRefused} `socket` is connected to itself.
 */
export class Connection implements Reader, Writer, Disposable {
  readonly #socket: Socket;
  readonly #signal: AbortSignal | undefined;
  readonly #maxLineBytes: number;
  #lines: LineReader | null = null;
  #idleTimeoutMs: number;
  readonly #idle: Countdown;
  readonly #total: Countdown | null;
  #lastActive = performance.now();
  /** Reads and writes that wait for the peer. Without one nobody is idle. */
  #waiting = 0;
  #abandonWrite: ((reason: unknown) => void) | null = null;
  #closed = false;
  #reason: unknown = null;

  constructor(socket: Socket, options: ConnectionOptions = {}) {
    try {
      refuseSelfConnection(socket);
    } catch (error) {
      socket.close();
      throw error;
    }
    const { idleTimeoutMs = 0, totalTimeoutMs = 0, signal } = options;
    this.#socket = socket;
    this.#signal = signal;
    this.#maxLineBytes = options.maxLineBytes ?? MAX_LINE_BYTES;
    this.#idleTimeoutMs = idleTimeoutMs;
    this.#idle = new Countdown(
      () => this.#idleLeftMs(),
      () => this.close(new TimeoutError("idle", this.#idleTimeoutMs)),
    );
    const endMs = this.#lastActive + totalTimeoutMs;
    this.#total = totalTimeoutMs === 0 ? null : new Countdown(
      () => endMs - performance.now(),
      () => this.close(new TimeoutError("total", totalTimeoutMs)),
    );
    if (idleTimeoutMs > 0) this.#idle.start();
    this.#total?.start();
    if (signal?.aborted) this.#onAbort();
    else signal?.addEventListener("abort", this.#onAbort);
  }

  get localAddr(): Endpoint {
    return this.#socket.localAddr;
  }

  get remoteAddr(): Endpoint {
    return this.#socket.remoteAddr;
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
    this.#idle.stop();
    this.#idleTimeoutMs = timeoutMs;
    this.#lastActive = performance.now();
    if (!this.#closed && timeoutMs > 0) this.#idle.start();
  }

  /** Reads a part into `buffer`; null when the peer ended its side (FIN). */
  read(buffer: Uint8Array): Promise<number | null> {
    return this.#lines ? this.#lines.read(buffer) : this.#receive(buffer);
  }

  /**
   * The next line without its line end; null when the peer ended cleanly.
   *
   * @throws {LineTooLongError} Once; the next call goes on behind that line.
   * @throws {UnexpectedEndError} The input ended in the middle of a line.
   */
  readLine(): Promise<string | null> {
    return this.#reader().readLine();
  }

  /**
   * Exactly `length` bytes.
   *
   * @throws {UnexpectedEndError} The input ended before.
   */
  readExactly(length: number): Promise<Uint8Array> {
    return this.#reader().readExactly(length);
  }

  /**
   * Writes all of `data`: a socket takes what the kernel has room for (one
   * write of 10 MB took 3.9 MB), so the rest is offered again. One writer at a
   * time: two of them would interleave their parts.
   */
  async write(data: Uint8Array): Promise<number> {
    for (let written = 0; written < data.length;) {
      written += await this.#send(written > 0 ? data.subarray(written) : data);
    }
    return data.length;
  }

  /** Small writes go out at once: see `Socket`. */
  setNoDelay(): void {
    this.#socket.setNoDelay?.();
  }

  /** Half-close: sends FIN. The peer can still send, and be read. */
  async closeWrite(): Promise<void> {
    try {
      await this.#socket.closeWrite();
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
      await this.#socket.closeWrite();
      while (await this.read(discarded) !== null) { /* Thrown away. */ }
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
    this.#idle.stop();
    this.#total?.stop();
    this.#signal?.removeEventListener("abort", this.#onAbort);
    this.#socket.close(reason);
    this.#abandonWrite?.(closedError());
  }

  [Symbol.dispose](): void {
    this.close();
  }

  readonly #onAbort = () => this.close(this.#signal?.reason);

  /** Made when the first line is asked for: who relays bytes needs no buffer. */
  #reader(): LineReader {
    return this.#lines ??= new LineReader(
      { read: (buffer) => this.#receive(buffer) },
      { maxLineBytes: this.#maxLineBytes },
    );
  }

  #receive(buffer: Uint8Array): Promise<number | null> {
    this.#begin();
    return this.#socket.read(buffer).then(this.#onDone, this.#onFailure);
  }

  #send(data: Uint8Array): Promise<number> {
    this.#begin();
    // Before Deno 2.9.5 closing does not always end a write that waits. It is
    // given up here, so that a peer that never reads holds nobody up.
    const { promise, resolve, reject } = Promise.withResolvers<number>();
    this.#abandonWrite = reject;
    this.#socket.write(data).then(resolve, reject);
    return promise.then(this.#onDone, this.#onFailure);
  }

  #begin(): void {
    this.#lastActive = performance.now();
    this.#waiting++;
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

  #idleLeftMs(): number {
    const idleMs = this.#waiting > 0 ? performance.now() - this.#lastActive : 0;
    return this.#idleTimeoutMs - idleMs;
  }
}

function closedError(): Error {
  return new Deno.errors.Interrupted("The connection closed");
}
