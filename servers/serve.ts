import { delay } from "@std/async/delay";
import { formatEndpoint } from "../protocol/transport/address.ts";
import { Connection } from "../protocol/transport/connection.ts";
import { endReason, isReset } from "../protocol/transport/end_reason.ts";
import { harmless, type Log } from "./log.ts";

/**
 * Answers one connection. The accept loop closes it when the promise settles;
 * a rejection ends this connection and nothing else.
 */
export type Handler = (
  conn: Connection,
  context: HandlerContext,
) => Promise<void>;

export interface HandlerContext {
  /** Fires when the server is told to stop. */
  signal: AbortSignal;
}

export interface ServeOptions {
  /** Stops the server in order, as `shutdown()` does. */
  signal?: AbortSignal | undefined;
  /** At most so many at once; the others wait in the kernel's backlog. */
  maxConnections?: number;
  /** Drops a connection that neither read nor wrote for so long; 0: never. */
  idleTimeoutMs?: number;
  /** Drops a connection so long after it began, whatever it does; 0: never. */
  totalTimeoutMs?: number;
  /** How long a handler may take to say goodbye when the server stops. */
  shutdownGraceMs?: number;
  log?: Log;
}

export interface Server extends AsyncDisposable {
  readonly addr: Deno.NetAddr;
  /** Fulfilled when the last connection has ended after a stop. */
  readonly finished: Promise<void>;
  /** Stops accepting, ends the connections, waits for all of them. */
  shutdown(): Promise<void>;
}

/** How long to wait before accepting again when descriptors ran out. */
const ACCEPT_RETRY_MS = 50;

/**
 * The accept loop, in the shape of `Deno.serve`, over a listener that is
 * already bound: the caller's `Deno.listen` decides the address, and port 0
 * gives a free one.
 */
export function serve(
  listener: Deno.TcpListener,
  handler: Handler,
  options: ServeOptions = {},
): Server {
  return new AcceptLoop(listener, handler, options);
}

class AcceptLoop implements Server {
  readonly addr: Deno.NetAddr;
  readonly finished: Promise<void>;
  readonly #listener: Deno.TcpListener;
  readonly #handler: Handler;
  readonly #options: ServeOptions;
  readonly #log: Log;
  readonly #stop = new AbortController();
  readonly #connections = new Map<Connection, Promise<void>>();
  #freePlace: PromiseWithResolvers<void> | null = null;
  #toldFull = false;

  constructor(
    listener: Deno.TcpListener,
    handler: Handler,
    options: ServeOptions,
  ) {
    this.addr = listener.addr;
    this.#listener = listener;
    this.#handler = handler;
    this.#options = options;
    this.#log = harmless(options.log);
    if (options.signal?.aborted) this.#beginStop();
    else options.signal?.addEventListener("abort", this.#beginStop);
    this.finished = this.#run();
  }

  shutdown(): Promise<void> {
    this.#beginStop();
    return this.finished;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.shutdown();
  }

  readonly #beginStop = () => {
    if (this.#stop.signal.aborted) return;
    this.#stop.abort(new DOMException("The server is stopping", "AbortError"));
    try {
      this.#listener.close();
    } catch {
      // Its owner has closed it already.
    }
    this.#freePlace?.resolve();
  };

  async #run(): Promise<void> {
    await this.#acceptAll();
    this.#options.signal?.removeEventListener("abort", this.#beginStop);
    const graceMs = this.#options.shutdownGraceMs ?? 0;
    const timer = setTimeout(() => this.#closeAll(), graceMs);
    if (graceMs === 0) this.#closeAll();
    await Promise.all(this.#connections.values());
    clearTimeout(timer);
  }

  async #acceptAll(): Promise<void> {
    let waiting = false;
    while (!this.#stop.signal.aborted) {
      if (this.#isFull()) {
        await this.#waitForFreePlace();
        continue;
      }
      try {
        // Not `for await`: it ends at the first error, such as EMFILE.
        const conn = await this.#listener.accept();
        waiting = false;
        this.#start(conn);
      } catch (error) {
        if (this.#stop.signal.aborted) break;
        // The peer has reset before its turn came: on to the next.
        if (isReset(error)) continue;
        if (error instanceof Deno.errors.BadResource) {
          this.#beginStop(); // The listener's owner has closed it.
          break;
        }
        // Without descriptors the connection stays in the backlog. Wait for
        // one to be free; saying so once is enough.
        if (!waiting) this.#log({ event: "accept-failed", error: `${error}` });
        waiting = true;
        await this.#pause();
      }
    }
  }

  /** Says so once, until half of the places have been free. */
  #isFull(): boolean {
    const { maxConnections = Infinity } = this.#options;
    const { size } = this.#connections;
    const full = size >= maxConnections;
    if (full && !this.#toldFull) {
      this.#log({ event: "full", connections: size });
    }
    this.#toldFull = full || this.#toldFull && size >= maxConnections / 2;
    return full;
  }

  #start(conn: Deno.TcpConn): void {
    const { idleTimeoutMs = 0, totalTimeoutMs = 0 } = this.#options;
    const connection = new Connection(conn, { idleTimeoutMs, totalTimeoutMs });
    // Held until it settles. `#answer` never rejects.
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#connections.set(connection, promise);
    void this.#answer(connection).then(resolve);
  }

  async #answer(connection: Connection): Promise<void> {
    const peer = formatEndpoint(connection.remoteAddr);
    this.#log({ event: "connect", peer });
    let reason = "closed";
    try {
      await this.#handler(connection, { signal: this.#stop.signal });
      const cutOff = connection.closeReason;
      if (cutOff !== null) reason = endReason(cutOff);
    } catch (error) {
      reason = endReason(error);
    } finally {
      connection.close();
      this.#connections.delete(connection);
      this.#freePlace?.resolve();
      this.#log({ event: "disconnect", peer, reason });
    }
  }

  #closeAll(): void {
    for (const connection of this.#connections.keys()) {
      connection.close(this.#stop.signal.reason);
    }
  }

  async #waitForFreePlace(): Promise<void> {
    this.#freePlace = Promise.withResolvers();
    await this.#freePlace.promise;
    this.#freePlace = null;
  }

  /** 50 ms, or until the server stops. */
  async #pause(): Promise<void> {
    await delay(ACCEPT_RETRY_MS, { signal: this.#stop.signal }).catch(() => {});
  }
}
