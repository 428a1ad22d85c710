import net from "node:net";
import { formatEndpoint } from "./address.ts";
import { isReset } from "./end_reason.ts";
import type { Connect, Listen, Listener, Socket } from "./socket.ts";

/** How many connections wait for `accept()`, in the kernel or here. */
const BACKLOG = 511;

/** So many chunks, of 64 KiB at most, are read before they are asked for. */
const READ_AHEAD = 2;

/** What node:net has beside its documented functions. */
interface Handle {
  listen?(backlog: number): number;
}
const { _createServerHandle: createHandle } = net as unknown as {
  /** Binds at once, where `Server.listen()` does so later. Negative: failed. */
  _createServerHandle(host: string, port: number, type: 4 | 6): Handle | number;
};

/**
 * `Deno.connect` for who must be able to send RST: `close(reason)` does so when
 * the reason is a reset. Closed by Deno, a socket always sends FIN first.
 */
export const connect: Connect = ({ hostname, port, signal }) => {
  const { promise, resolve, reject } = Promise.withResolvers<Socket>();
  const options = { host: hostname, port, allowHalfOpen: true };
  const socket = net.connect(options);
  const onAbort = () => {
    socket.destroy();
    reject(signal?.reason);
  };
  socket.once("connect", () => resolve(new ResettableSocket(socket)));
  socket.once("error", (error) => reject(denoError(error)));
  if (signal?.aborted) onAbort();
  else signal?.addEventListener("abort", onAbort);
  return promise.finally(() => signal?.removeEventListener("abort", onAbort));
};

/** `Deno.listen`, likewise. */
export const listen: Listen = (options) => {
  // Looks the name up, picks the port, and says in Deno's words what is wrong.
  const probe = Deno.listen(options);
  const { hostname, port } = probe.addr;
  probe.close();
  const handle = createHandle(hostname, port, hostname.includes(":") ? 6 : 4);
  if (typeof handle !== "number") {
    return new ResettableListener(handle, { hostname, port });
  }
  if (options.port === 0) return listen(options); // Somebody was faster.
  const place = formatEndpoint({ hostname, port });
  throw new Deno.errors.AddrInUse(`${place} is taken`);
};

class ResettableListener implements Listener {
  readonly #server: net.Server;
  readonly #accepted: Socket[] = [];
  #waiting: PromiseWithResolvers<Socket> | null = null;
  #closed = false;

  constructor(readonly handle: Handle, readonly addr: Listener["addr"]) {
    this.#server = net.createServer({ allowHalfOpen: true }, this.#onSocket);
    this.#server.on("error", () => {}); // It would end the process.
    this.#server.listen(handle, BACKLOG);
  }

  accept(): Promise<Socket> {
    if (this.#closed) return Promise.reject(closedListener());
    const socket = this.#accepted.shift();
    if (socket) return Promise.resolve(socket);
    this.#waiting = Promise.withResolvers();
    return this.#waiting.promise;
  }

  close(): void {
    this.#closed = true;
    this.#server.close();
    this.#waiting?.reject(closedListener());
    for (const socket of this.#accepted) socket.close();
  }

  [Symbol.dispose](): void {
    if (!this.#closed) this.close();
  }

  readonly #onSocket = (socket: net.Socket) => {
    // Deno stops accepting when descriptors run out, and does not begin again.
    socket.once("close", () => {
      if (!this.#closed) this.handle.listen?.(BACKLOG);
    });
    if (this.#accepted.length >= BACKLOG) return socket.destroy();
    const accepted = new ResettableSocket(socket);
    if (this.#waiting) this.#waiting.resolve(accepted);
    else this.#accepted.push(accepted);
    this.#waiting = null;
  };
}

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
        if (part.length === chunk.length) this.#socket.resume();
        else this.#chunks.unshift(chunk.subarray(part.length));
        return part.length;
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

const CLASSES: Record<string, new (message: string) => Error> = {
  ECONNREFUSED: Deno.errors.ConnectionRefused,
  ECONNRESET: Deno.errors.ConnectionReset,
  ECONNABORTED: Deno.errors.ConnectionAborted,
  EPIPE: Deno.errors.BrokenPipe,
  ENOTCONN: Deno.errors.NotConnected,
  ETIMEDOUT: Deno.errors.TimedOut,
};

/** Node's errors have a code, Deno's a class, too. */
function denoError(error: Error & { code?: string }): Error {
  const { code = "" } = error;
  const Class = CLASSES[code];
  return Class ? Object.assign(new Class(error.message), { code }) : error;
}

function closedListener(): Error {
  return new Deno.errors.BadResource("The listener has been closed");
}
