import { ProtocolError } from "../errors.ts";
import { MAX_LINE_BYTES } from "../text.ts";
import { type Endpoint, refuseSelfConnection } from "./address.ts";
import { type ClockOptions, Clocks } from "./clocks.ts";
import { Countdown } from "./deadline.ts";
import { LineReader } from "./line_reader.ts";
import type { Reader, Socket, Writer } from "./socket.ts";
import { turnIfDue } from "./turn.ts";

export interface ConnectionOptions extends ClockOptions {
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
 * @throws {Deno.errors.ConnectionRefused} `socket` is connected to itself.
 */
export class Connection implements Reader, Writer, Disposable {
  readonly localAddr: Endpoint;
  readonly remoteAddr: Endpoint;
  readonly #socket: Socket;
  readonly #signal: AbortSignal | undefined;
  readonly #maxLineBytes: number;
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
    const { signal, maxLineBytes = MAX_LINE_BYTES } = options;
    this.localAddr = socket.localAddr;
    this.remoteAddr = socket.remoteAddr;
    this.#socket = socket;
    this.#signal = signal;
    this.#maxLineBytes = maxLineBytes;
    this.#clocks = new Clocks(options, (reason) => this.close(reason));
    if (signal?.aborted) this.#onAbort();
    else signal?.addEventListener("abort", this.#onAbort);
  }

  /** Why it was closed from this side before its time, or null. */
  get closeReason(): unknown {
    return this.#reason;
  }

  /** Fires when the connection closes from this side, or has. */
  get closing(): AbortSignal {
    this.#closing ??= new AbortController();
    if (this.#closed) this.#closing.abort(this.#reason ?? closedError());
    return this.#closing.signal;
  }

  /** The limit in force. Who knows why may let the peer take longer. */
  get idleTimeoutMs(): number {
    return this.#clocks.idleTimeoutMs;
  }
  set idleTimeoutMs(timeoutMs: number) {
    this.#clocks.idleTimeoutMs = timeoutMs;
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
    const read = () => this.#reader().readLine();
    return turnIfDue()?.then(read) ?? read();
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
   * Writes all of `data`, part after part: one write of 10 MB took 3.9 MB. One
   * writer at a time: two of them would interleave their parts.
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

  /** After two hours of silence the kernel asks whether the peer is there. */
  setKeepAlive(): void {
    this.#socket.setKeepAlive?.(true);
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
    using _ = Countdown.after(
      DRAIN_TIMEOUT_MS,
      () => this.close(new ProtocolError("The peer did not end its side")),
    );
    try {
      await this.#socket.closeWrite();
      while (await this.read(discarded) !== null) { /* Thrown away. */ }
    } catch (error) {
      // The peer is gone, or took too long: either way this is the end.
      this.close(error);
    } finally {
      this.close();
    }
  }

  /** Closes at once. `reason` is what waiting reads and writes reject with. */
  close(reason: unknown = null): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#reason = reason;
    this.#clocks.stop();
    this.#signal?.removeEventListener("abort", this.#onAbort);
    this.#socket.close(reason);
    this.#abandonWrite?.(closedError());
    this.#closing?.abort(reason ?? closedError());
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
    const turn = turnIfDue();
    if (turn === null) return this.#receiveNow(buffer);
    return turn.then(() => this.#receiveNow(buffer));
  }

  #receiveNow(buffer: Uint8Array): Promise<number | null> {
    this.#clocks.begin();
    return this.#socket.read(buffer).then(this.#onDone, this.#onFailure);
  }

  /** Writes a part of `data`, as much as the kernel takes, and says how much. */
  writePart(data: Uint8Array): Promise<number> {
    this.#clocks.begin();
    // Before Deno 2.9.5 closing does not always end a write that waits. It is
    // given up here, so that a peer that never reads holds nobody up.
    const { promise, resolve, reject } = Promise.withResolvers<number>();
    this.#abandonWrite = reject;
    this.#socket.write(data).then(resolve, reject);
    return promise.then(this.#onDone, this.#onFailure);
  }

  readonly #onDone = <T>(count: T): T => {
    this.#clocks.end();
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
