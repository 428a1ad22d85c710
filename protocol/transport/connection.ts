import { ProtocolError } from "../errors.ts";
import { type Endpoint, refuseSelfConnection } from "./address.ts";
import { type ClockOptions, Clocks } from "./clocks.ts";
import { Countdown } from "./deadline.ts";
import { LineReader } from "./line_reader.ts";
import type { Reader, Socket, Writer } from "./socket.ts";
import { turnIfDue } from "./turn.ts";

export interface ConnectionOptions extends ClockOptions {
  /** The longest line that `readLine()` takes, in bytes. */
  maxLineBytes?: number;
  /** Closes the connection when it fires. */
  signal?: AbortSignal | undefined;
}

/** Receives discarded input. Nobody reads it, so all connections share it. */
const discarded = new Uint8Array(64 * 1024);
const DRAIN_TIMEOUT_MS = 1000;

/**
 * A socket with its clocks and its only reader. Lines and bytes come from one
 * buffer, so no byte is lost between two callers.
 *
 * `Socket.read()` takes no signal: a clock or the signal closes the socket, and
 * the pending read rejects with that reason in place of `Interrupted`.
 *
 * @throws {Deno.errors.ConnectionRefused} `socket` is connected to itself.
 */
export class Connection implements Reader, Writer, Disposable {
  readonly localAddr: Endpoint;
  readonly remoteAddr: Endpoint;
  /** The bytes that have come so far, and those that the kernel has taken. */
  bytesRead = 0;
  bytesWritten = 0;
  readonly #socket: Socket;
  readonly #options: ConnectionOptions;
  readonly #clocks: Clocks;
  #lines: LineReader | null = null;
  #abandonWrite: ((reason: unknown) => void) | null = null;
  #closing: AbortController | null = null;
  #closed = false;
  #reason: unknown = null;

  constructor(socket: Socket, options: ConnectionOptions = {}) {
    try {
      refuseSelfConnection(socket);
    } catch (error) {
      socket.close();
      throw error;
    }
    this.localAddr = socket.localAddr;
    this.remoteAddr = socket.remoteAddr;
    this.#socket = socket;
    this.#options = options;
    this.#clocks = new Clocks(options, (reason) => this.close(reason));
    if (options.signal?.aborted) this.#onAbort();
    else options.signal?.addEventListener("abort", this.#onAbort);
  }

  /** Why this side closed the connection early, or null. */
  get closeReason(): unknown {
    return this.#reason;
  }

  /** Fires when this side closes the connection, or at once if it has. */
  get closing(): AbortSignal {
    this.#closing ??= new AbortController();
    if (this.#closed) this.#closing.abort(this.#reason ?? closedError());
    return this.#closing.signal;
  }

  /** The current limit. Raise it while a slow answer is expected. */
  get idleTimeoutMs(): number {
    return this.#clocks.idleTimeoutMs;
  }
  set idleTimeoutMs(timeoutMs: number) {
    this.#clocks.idleTimeoutMs = timeoutMs;
  }

  /** Reads into `buffer` and returns the count; null after the peer's FIN. */
  read(buffer: Uint8Array): Promise<number | null> {
    return this.#lines ? this.#lines.read(buffer) : this.#receive(buffer);
  }

  /**
   * The next line without its line end; null at a clean end of input.
   *
   * @throws {LineTooLongError} Once; the next call continues after that line.
   * @throws {UnexpectedEndError} The input ended in the middle of a line.
   */
  readLine(): Promise<string | null> {
    const read = () => this.#reader().readLine();
    return turnIfDue()?.then(read) ?? read();
  }

  /**
   * Exactly `length` bytes.
   *
   * @throws {UnexpectedEndError} The input ended too early.
   */
  readExactly(length: number): Promise<Uint8Array> {
    return this.#reader().readExactly(length);
  }

  /**
   * Writes all of `data`, in several writes if needed: one write of 10 MB took
   * 3.9 MB. Use one writer at a time: two would interleave their data.
   */
  async write(data: Uint8Array): Promise<number> {
    for (let written = 0; written < data.length;) {
      const rest = written > 0 ? data.subarray(written) : data;
      written += await this.writePart(rest);
    }
    return data.length;
  }

  /** See `Socket`. */
  setNoDelay(): void {
    this.#socket.setNoDelay?.();
  }

  /** Lets the kernel probe the peer after two hours of silence. */
  setKeepAlive(): void {
    this.#socket.setKeepAlive?.(true);
  }

  /** Half-close: sends FIN. The peer can still send, and we can read it. */
  async closeWrite(): Promise<void> {
    try {
      await this.#socket.closeWrite();
    } catch (error) {
      throw this.#reason ?? error;
    }
  }

  /**
   * Closes in order: sends FIN, discards input until the peer's FIN, then
   * closes. Closing with unread input would send RST, and RST destroys data on
   * its way to the peer (RFC 1122, 4.2.2.13). A peer that has not sent FIN
   * after a second is cut off.
   */
  async closeInOrder(): Promise<void> {
    using _ = Countdown.after(
      DRAIN_TIMEOUT_MS,
      () => this.close(new ProtocolError("The peer did not close its side")),
    );
    try {
      await this.#socket.closeWrite();
      while (await this.read(discarded) !== null) { /* Discarded. */ }
    } catch (error) {
      // The peer is gone or took too long: close either way.
      this.close(error);
    } finally {
      this.close();
    }
  }

  /** Closes at once. Pending reads and writes reject with `reason`. */
  close(reason: unknown = null): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#reason = reason;
    this.#clocks.stop();
    this.#options.signal?.removeEventListener("abort", this.#onAbort);
    this.#socket.close(reason);
    this.#abandonWrite?.(closedError());
    this.#closing?.abort(reason ?? closedError());
  }

  [Symbol.dispose](): void {
    this.close();
  }

  readonly #onAbort = () => this.close(this.#options.signal?.reason);

  /** Made on first use: a relay that only reads bytes needs no line buffer. */
  #reader(): LineReader {
    return this.#lines ??= new LineReader(
      { read: (buffer) => this.#receive(buffer) },
      this.#options,
    );
  }

  #receive(buffer: Uint8Array): Promise<number | null> {
    const receive = () => this.#receiveNow(buffer);
    return turnIfDue()?.then(receive) ?? receive();
  }

  #receiveNow(buffer: Uint8Array): Promise<number | null> {
    this.#clocks.begin();
    return this.#socket.read(buffer).then(this.#onRead, this.#onFailure);
  }

  /** Writes as much of `data` as the kernel takes, and returns how much. */
  writePart(data: Uint8Array): Promise<number> {
    this.#clocks.begin();
    // Before Deno 2.9.5, closing does not always end a pending write. Abandon
    // it here, so that a peer that never reads blocks nobody.
    const { promise, resolve, reject } = Promise.withResolvers<number>();
    this.#abandonWrite = reject;
    this.#socket.write(data).then(resolve, reject);
    return promise.then(this.#onWritten, this.#onFailure);
  }

  readonly #onRead = (count: number | null): number | null => {
    this.#clocks.end();
    this.bytesRead += count ?? 0;
    return count;
  };

  readonly #onWritten = (count: number): number => {
    this.#clocks.end();
    this.bytesWritten += count;
    return count;
  };

  readonly #onFailure = (error: unknown): never => {
    this.#clocks.end();
    throw this.#reason ?? error;
  };
}

function closedError(): Error {
  return new Deno.errors.Interrupted("The connection closed");
}
