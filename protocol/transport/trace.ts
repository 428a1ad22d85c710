import { formatEndpoint } from "./address.ts";
import { TimeoutError } from "./deadline.ts";
import { isReset } from "./end_reason.ts";
import type { Connect, Listen, Listener, Socket } from "./socket.ts";

/** One thing that was seen to happen on a connection. */
export interface TraceEvent {
  /** When, in ms since the tracer was made. */
  t: number;
  /** The number of the connection, from 1 up. */
  conn: number;
  /** Which end tells it. */
  role: "client" | "server";
  /** `->` goes from the client to the server, whoever tells it. */
  dir: "->" | "<-";
  /**
   * What was seen, and nothing that was not: `fin` from the peer when a read
   * gave its end, `rst` when a call failed with it, `timeout` when a clock of
   * our own ran out, `close` when we closed.
   */
  kind:
    | "connect"
    | "accept"
    | "data"
    | "fin"
    | "rst"
    | "close"
    | "refused"
    | "timeout"
    | "failed";
  /** The bytes of one read or write. They are only lent: copy what is kept. */
  data?: Uint8Array;
  /** The other end, `127.0.0.1:7007`. */
  peer: string;
}

/** What a socket tells; the tracer knows the rest. */
type Seen = Pick<TraceEvent, "kind" | "data">;

/**
 * Decorates `connect` and `listen` so that each connect, accept, read, write
 * and end is told to `report`, in the order in which the calls came back.
 */
export class Tracer {
  readonly #report: (event: TraceEvent) => void;
  readonly #now: () => number;
  readonly #startMs: number;
  #connections = 0;

  /** `now` is a clock in ms. */
  constructor(
    report: (event: TraceEvent) => void,
    now = () => performance.now(),
  ) {
    this.#report = report;
    this.#now = now;
    this.#startMs = now();
  }

  connect(connect: Connect): Connect {
    return async (options) => {
      const tell = this.#teller("client", formatEndpoint(options));
      try {
        const socket = await connect(options);
        tell("->", { kind: "connect" });
        return new TracedSocket(socket, "->", "<-", tell);
      } catch (error) {
        const kind = failureOf(error);
        tell(kind === "timeout" ? "->" : "<-", { kind });
        throw error;
      }
    };
  }

  listen(listen: Listen): Listen {
    return (options) => this.#tracedListener(listen(options));
  }

  #tracedListener(listener: Listener): Listener {
    return {
      addr: listener.addr,
      accept: async () => {
        const socket = await listener.accept();
        const tell = this.#teller("server", formatEndpoint(socket.remoteAddr));
        tell("->", { kind: "accept" });
        return new TracedSocket(socket, "<-", "->", tell);
      },
      close: () => listener.close(),
      [Symbol.dispose]: () => listener[Symbol.dispose](),
    };
  }

  #teller(role: TraceEvent["role"], peer: string) {
    const conn = ++this.#connections;
    return (dir: TraceEvent["dir"], seen: Seen) => {
      const t = this.#now() - this.#startMs;
      this.#report({ t, conn, role, dir, ...seen, peer });
    };
  }
}

class TracedSocket implements Socket {
  #closed = false;

  constructor(
    readonly socket: Socket,
    readonly out: TraceEvent["dir"],
    readonly back: TraceEvent["dir"],
    readonly tell: (dir: TraceEvent["dir"], seen: Seen) => void,
  ) {}

  get localAddr() {
    return this.socket.localAddr;
  }

  get remoteAddr() {
    return this.socket.remoteAddr;
  }

  async read(buffer: Uint8Array): Promise<number | null> {
    const count = await this.#watch(this.socket.read(buffer));
    this.tell(
      this.back,
      count === null
        ? { kind: "fin" }
        : { kind: "data", data: buffer.subarray(0, count) },
    );
    return count;
  }

  async write(data: Uint8Array): Promise<number> {
    const count = await this.#watch(this.socket.write(data));
    if (count > 0) {
      this.tell(this.out, { kind: "data", data: data.subarray(0, count) });
    }
    return count;
  }

  async closeWrite(): Promise<void> {
    await this.#watch(this.socket.closeWrite());
    this.tell(this.out, { kind: "fin" });
  }

  setNoDelay(noDelay = true): void {
    this.socket.setNoDelay?.(noDelay);
  }

  setKeepAlive(keepAlive = true): void {
    this.socket.setKeepAlive?.(keepAlive);
  }

  close(reason?: unknown): void {
    if (!this.#closed) {
      if (reason instanceof TimeoutError) {
        this.tell(this.out, { kind: "timeout" });
      }
      this.tell(this.out, { kind: "close" });
    }
    this.#closed = true;
    this.socket.close(reason);
  }

  [Symbol.dispose](): void {
    // As Deno's own: what is closed already is left alone.
    if (!this.#closed) this.close();
  }

  /** Tells of the peer's RST. That we have closed ourselves was told. */
  async #watch<T>(call: Promise<T>): Promise<T> {
    try {
      return await call;
    } catch (error) {
      if (!this.#closed) this.tell(this.back, { kind: failureOf(error) });
      throw error;
    }
  }
}

function failureOf(error: unknown): TraceEvent["kind"] {
  if (error instanceof Deno.errors.ConnectionRefused) return "refused";
  if (error instanceof TimeoutError) return "timeout";
  return isReset(error) ? "rst" : "failed";
}
