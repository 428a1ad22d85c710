import net from "node:net";
import { formatEndpoint } from "./address.ts";
import { denoError, ResettableSocket } from "./resettable_socket.ts";
import type {
  Connect,
  Listen,
  Listener,
  ListenOptions,
  Socket,
} from "./socket.ts";

/** How many connections wait for `accept()`, in the kernel or here. */
const BACKLOG = 511;

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
  // Looks the name up, and says in Deno's words what is wrong.
  const probe = Deno.listen(options);
  const { hostname } = probe.addr;
  probe.close();
  const type = hostname.includes(":") ? 6 : 4;
  const handle = createHandle(hostname, options.port, type);
  if (typeof handle !== "number") {
    const server = net.createServer(SERVER);
    const listener = new ResettableListener(server);
    server.listen(handle, BACKLOG);
    return listener;
  }
  const place = formatEndpoint({ hostname, port: options.port });
  throw new Deno.errors.AddrInUse(`${place} is taken`); // In the last moment.
};

/**
 * `Deno.listen` for several threads on one port: the system gives each
 * connection to one of them (SO_REUSEPORT). Deno's own needs an unstable flag.
 *
 * @throws Not every system can do it: Linux and FreeBSD can.
 */
export function listenShared(
  { hostname, port }: ListenOptions,
): Promise<Listener> {
  const server = net.createServer(SERVER);
  const listener = new ResettableListener(server);
  const { promise, resolve, reject } = Promise.withResolvers<Listener>();
  server.once("error", (error) => reject(denoError(error)));
  const options = { host: hostname, port, backlog: BACKLOG, reusePort: true };
  server.listen(options, () => resolve(listener));
  return promise;
}

/** Half-close is for the handler to decide. */
const SERVER = { allowHalfOpen: true };

class ResettableListener implements Listener {
  readonly #server: net.Server;
  readonly #accepted: Socket[] = [];
  #waiting: PromiseWithResolvers<Socket> | null = null;
  #closed = false;

  /** `server` listens by now, or will. */
  constructor(server: net.Server) {
    this.#server = server;
    server.on("connection", this.#onSocket);
    server.on("error", () => {}); // It would end the process.
  }

  get addr(): Listener["addr"] {
    const { address, port } = this.#server.address() as net.AddressInfo;
    return { hostname: address, port };
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
      const { _handle } = this.#server as unknown as { _handle?: Handle };
      if (!this.#closed) _handle?.listen?.(BACKLOG);
    });
    if (this.#accepted.length >= BACKLOG) return socket.destroy();
    const accepted = new ResettableSocket(socket);
    if (this.#waiting) this.#waiting.resolve(accepted);
    else this.#accepted.push(accepted);
    this.#waiting = null;
  };
}

function closedListener(): Error {
  return new Deno.errors.BadResource("The listener has been closed");
}
