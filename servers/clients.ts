import { delay } from "@std/async/delay";
import { messageOf } from "../protocol/errors.ts";
import {
  Connection,
  endReason,
  formatEndpoint,
  isReset,
  type Socket,
} from "../protocol/transport/mod.ts";
import { ConnectionCounts, refusedConnections } from "./connection_counts.ts";
import { harmless, type Log } from "./log.ts";
import { counter, type Metric, type Metrics } from "./metrics.ts";

/**
 * Answers one connection, which is closed when the promise settles. A rejection
 * ends only this connection.
 */
export type Handler = (
  conn: Connection,
  context: HandlerContext,
) => Promise<void>;

export interface HandlerContext {
  /** Fires when the server is told to stop. */
  signal: AbortSignal;
}

export interface ClientsOptions {
  /** How many to serve at once; the others wait in the kernel's backlog. */
  maxConnections?: number;
  /** Drops a connection that is idle for this long, in ms; 0: never. */
  idleTimeoutMs?: number;
  /** Drops a connection this long after it began, in ms; 0: never. */
  totalTimeoutMs?: number;
  log?: Log;
  /** Where the counters are read. */
  metrics?: Metrics | undefined;
}

/** How long to wait after file descriptors ran out, in ms. */
const ACCEPT_RETRY_MS = 50;

/** The connections that a server is answering: one handler each. */
export class Clients {
  /** Fires when the server is told to stop. */
  readonly signal: AbortSignal;
  readonly #log: Log;
  readonly #handler: Handler;
  readonly #options: ClientsOptions;
  readonly #served = new Map<Connection, Promise<void>>();
  readonly #counts = new ConnectionCounts();
  #acceptFailures = 0;
  #freePlace: PromiseWithResolvers<void> | null = null;
  #toldFull = false;
  #toldFailure = false;

  constructor(handler: Handler, options: ClientsOptions, signal: AbortSignal) {
    this.#handler = handler;
    this.#options = options;
    this.#log = harmless(options.log);
    this.signal = signal;
    options.metrics?.add(() => this.#metrics());
    signal.addEventListener("abort", () => this.#freePlace?.resolve());
  }

  /**
   * Resolves when one more client can be served, or the server is told to stop.
   * Logs `full` once, and again only after half of the places were free.
   */
  async placeFree(): Promise<void> {
    const { maxConnections = Infinity } = this.#options;
    while (this.#served.size >= maxConnections && !this.signal.aborted) {
      const connections = this.#served.size;
      if (!this.#toldFull) this.#log({ event: "full", connections });
      this.#toldFull = true;
      this.#freePlace = Promise.withResolvers();
      await this.#freePlace.promise;
    }
    if (this.#served.size < maxConnections / 2) this.#toldFull = false;
  }

  /** Starts to answer a client and returns at once: the next need not wait. */
  start(socket: Socket): void {
    this.#toldFailure = false;
    const { idleTimeoutMs = 0, totalTimeoutMs = 0 } = this.#options;
    const conn = new Connection(socket, { idleTimeoutMs, totalTimeoutMs });
    // Held until it settles. `#answer` never rejects.
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#served.set(conn, promise);
    void this.#answer(conn).then(resolve);
  }

  /**
   * Handles a failed `accept()`. Ignores a peer that reset its connection in
   * the backlog. Without free descriptors, connections stay in the backlog:
   * logs that once, and waits before the next try.
   */
  async recover(error: unknown): Promise<void> {
    if (isReset(error)) return;
    this.#acceptFailures++;
    if (!this.#toldFailure) {
      const entry = { event: "accept-failed", error: messageOf(error) };
      this.#log({ level: "error", ...entry });
    }
    this.#toldFailure = true;
    await delay(ACCEPT_RETRY_MS, { signal: this.signal }).catch(() => {});
  }

  /** Waits for all clients; cuts off those that take longer than `graceMs`. */
  async end(graceMs: number): Promise<void> {
    const closeAll = () => {
      for (const conn of this.#served.keys()) conn.close(this.signal.reason);
    };
    if (graceMs === 0) closeAll();
    const timer = setTimeout(closeAll, graceMs);
    await Promise.all(this.#served.values());
    clearTimeout(timer);
  }

  async #answer(conn: Connection): Promise<void> {
    const peer = formatEndpoint(conn.remoteAddr);
    const startMs = performance.now();
    this.#log({ event: "connect", peer });
    this.#counts.begin(conn);
    let failure: unknown = null;
    try {
      await this.#handler(conn, { signal: this.signal });
      failure = conn.closeReason;
    } catch (error) {
      failure = error;
    } finally {
      conn.close();
      this.#served.delete(conn);
      this.#counts.end(conn, failure);
      this.#freePlace?.resolve();
      const { bytesRead: read, bytesWritten: written } = conn;
      const ms = Math.round(performance.now() - startMs);
      const reason = endReason(failure);
      this.#log({ event: "disconnect", peer, read, written, ms, reason });
    }
  }

  #metrics(): Metric[] {
    return [
      ...this.#counts.metrics("tcplab", "accepted"),
      counter(
        "tcplab_accept_failures_total",
        "Times that the system could not accept a connection.",
        this.#acceptFailures,
      ),
      refusedConnections(0), // A handler that turns some away adds to it.
    ];
  }
}
