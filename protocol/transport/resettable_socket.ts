import net from "node:net";
import { isReset } from "./end_reason.ts";
import type { Socket } from "./socket.ts";

/** So many chunks, of 64 KiB at most, are read before they are asked for. */
const READ_AHEAD = 2;

/** A socket of node:net, read when it is asked for, as Deno's are. */
export class ResettableSocket implements Socket {
  // Deno 2.4 has no such function.
  readonly canReset = "resetAndDestroy" in net.Socket.prototype;
  readonly localAddr: Socket["localAddr"];
  readonly remoteAddr: Socket["remoteAddr"];
  readonly #socket: net.Socket;
  /** What has come and was not asked for yet. */
  readonly #chunks: Uint8Array[] = [];
  #onChange = () => {};
  #ended = false;
  #closed = false;

  constructor(socket: net.Socket) {
    const { localAddress = "", localPort = 0 } = socket;
    const { remoteAddress = "", remotePort = 0 } = socket;
    this.localAddr = { hostname: localAddress, port: localPort };
    this.remoteAddr = { hostname: remoteAddress, port: remotePort };
    this.#socket = socket;
    socket.on("error", () => {}); // The calls that fail tell of it.
    socket.on("data", (chunk: Uint8Array) => {
      this.#chunks.push(chunk);
      if (this.#chunks.length >= READ_AHEAD) socket.pause();
      this.#onChange();
    });
    socket.on("end", () => {
      this.#ended = true;
      this.#onChange();
    });
    socket.on("close", () => this.#onChange());
  }

  async read(buffer: Uint8Array): Promise<number | null> {
    for (;;) {
      if (this.#closed) this.#onFailure();
      const chunk = this.#chunks.shift();
      if (chunk !== undefined) {
        const part = chunk.subarray(0, buffer.length);
        buffer.set(part);
        const count = part.length;
        if (count < chunk.length) this.#chunks.unshift(chunk.subarray(count));
        else {
          free(chunk);
          this.#socket.resume();
        }
        return count;
      }
      if (this.#ended) return null;
      if (this.#socket.destroyed) this.#onFailure();
      await new Promise<void>((resolve) => this.#onChange = resolve);
    }
  }

  async write(data: Uint8Array): Promise<number> {
    await this.#call((done) => this.#socket.write(data, done));
    return data.length;
  }

  async closeWrite(): Promise<void> {
    if (this.#socket.writableFinished) return;
    await this.#call((done) => this.#socket.end(done));
  }

  setNoDelay(noDelay = true): void {
    this.#socket.setNoDelay(noDelay);
  }

  setKeepAlive(keepAlive = true): void {
    this.#socket.setKeepAlive(keepAlive);
  }

  close(reason?: unknown): void {
    if (this.#closed) return;
    this.#closed = true;
    if (this.canReset && isReset(reason)) this.#socket.resetAndDestroy();
    else this.#socket.destroy();
    this.#onChange();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #call(start: (done: (error?: Error | null) => void) => void): Promise<void> {
    return new Promise<void>((resolve, reject) =>
      start((error) => error ? reject(error) : resolve())
    ).catch(this.#onFailure);
  }

  /** A stream that is gone says so, and not why. */
  readonly #onFailure = (error?: Error): never => {
    if (this.#closed) {
      throw new Deno.errors.Interrupted("The connection closed");
    }
    const reason = this.#socket.errored ?? error;
    throw reason
      ? denoError(reason)
      : new Deno.errors.ConnectionReset("The connection is gone");
  };
}

/**
 * Gives its memory back now: the collector would come 100 MB later. Small ones
 * may lie in a pool, together with others.
 */
function free({ buffer, byteLength }: Uint8Array): void {
  const isAll = byteLength === buffer.byteLength;
  if (isAll && buffer instanceof ArrayBuffer) buffer.transfer(0);
}

const CLASSES: Record<string, new (message: string) => Error> = {
  ECONNREFUSED: Deno.errors.ConnectionRefused,
  ECONNRESET: Deno.errors.ConnectionReset,
  ECONNABORTED: Deno.errors.ConnectionAborted,
  EPIPE: Deno.errors.BrokenPipe,
  ENOTCONN: Deno.errors.NotConnected,
  ETIMEDOUT: Deno.errors.TimedOut,
};

/** Node's errors have a code, Deno's a class, too. */
export function denoError(error: Error & { code?: string }): Error {
  const { code = "" } = error;
  const Class = CLASSES[code];
  return Class ? Object.assign(new Class(error.message), { code }) : error;
}
