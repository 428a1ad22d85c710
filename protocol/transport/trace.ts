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
   * gave its end, `rst` when a call failed with it or when we sent it, `timeout` when a clock ran
   * out, `close` when we closed or gave up, `failed` when the system refused
   * for another reason.
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
  /** How many bytes one read or write took. */
  bytes?: number;
  /** The first 4096 of them. They are only lent: copy what is kept. */
  data?: Uint8Array;
  /** The other end, `127.0.0.1:7007`. */
  peer: string;
}

/** Nobody looks at more of one read or write. */
const MAX_TOLD_BYTES = 4096;

/** What a socket tells; the tracer knows the rest. */
type Tell = (
  dir: TraceEvent["dir"],
  kind: TraceEvent["kind"],
  data?: Uint8Array,
) => void;

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
      try {
        const socket = await connect(options);
        const tell = this.#teller("client", formatEndpoint(socket.remoteAddr));
        tell("->", "connect");
        return new TracedSocket(socket, "->", tell, options.signal);
      } catch (error) {
        const gaveUp = options.signal?.aborted ? "close" : null;
        const kind = failureOf(error) ?? gaveUp;
        const dir = kind === "refused" || kind === "rst" ? "<-" : "->";
        if (kind) this.#teller("client", formatEndpoint(options))(dir, kind);
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
        tell("->", "accept");
        return new TracedSocket(socket, "<-", tell);
      },
      close: () => listener.close(),
      [Symbol.dispose]: () => listener[Symbol.dispose](),
    };
  }

  #teller(role: TraceEvent["role"], peer: string): Tell {
    const conn = ++this.#connections;
    return (dir, kind, data) => {
      const t = this.#now() - this.#startMs;
      const told = data && {
        bytes: data.length,
        data: data.subarray(0, MAX_TOLD_BYTES),
      };
      this.#report({ t, conn, role, dir, kind, ...told, peer });
    };
  }
}

class TracedSocket implements Socket {
  readonly #back: TraceEvent["dir"];
  /** What is told once: another call may see the same end again. */
  readonly #ends = new Set<string>();

  constructor(
    readonly socket: Socket,
    readonly out: TraceEvent["dir"],
    readonly tell: Tell,
    /** Of the connect. Some closes have no reason, but come of it. */
    readonly signal?: AbortSignal,
  ) {
    this.#back = out === "->" ? "<-" : "->";
  }

  get localAddr() {
    return this.socket.localAddr;
  }

  get remoteAddr() {
    return this.socket.remoteAddr;
  }

  async read(buffer: Uint8Array): Promise<number | null> {
    const count = await this.#watch(this.socket.read(buffer));
    if (count === null) this.#tellEnd(this.#back, "fin");
    else this.tell(this.#back, "data", buffer.subarray(0, count));
    return count;
  }

  async write(data: Uint8Array): Promise<number> {
    const count = await this.#watch(this.socket.write(data));
    // Of no bytes the network sees nothing.
    if (count > 0) this.tell(this.out, "data", data.subarray(0, count));
    return count;
  }

  async closeWrite(): Promise<void> {
    await this.#watch(this.socket.closeWrite());
    this.#tellEnd(this.out, "fin");
  }

  setNoDelay(noDelay = true): void {
    this.socket.setNoDelay?.(noDelay);
  }

  setKeepAlive(keepAlive = true): void {
    this.socket.setKeepAlive?.(keepAlive);
  }

  close(reason: unknown = this.signal?.reason): void {
    if (!this.#ends.has("close") && reason instanceof TimeoutError) {
      this.#tellEnd(this.out, "timeout");
    }
    if (this.socket.canReset && isReset(reason)) this.#tellEnd(this.out, "rst");
    this.#tellEnd(this.out, "close");
    this.socket.close(reason);
  }

  [Symbol.dispose](): void {
    // As Deno's own: what is closed already is left alone.
    if (!this.#ends.has("close")) this.close();
  }

  #tellEnd(dir: TraceEvent["dir"], kind: TraceEvent["kind"]): void {
    const end = kind === "fin" ? dir : kind;
    if (!this.#ends.has(end)) this.tell(dir, kind);
    this.#ends.add(end);
  }

  /** Tells of the peer's RST. That we have closed ourselves was told. */
  async #watch<T>(call: Promise<T>): Promise<T> {
    try {
      return await call;
    } catch (error) {
      const kind = failureOf(error);
      // After our FIN, EPIPE and ENOTCONN say nothing of the peer.
      const isOurs = this.#ends.has("close") || kind === "rst" &&
          this.#ends.has(this.out) &&
          !(error instanceof Deno.errors.ConnectionReset);
      if (kind && !isOurs) this.#tellEnd(this.#back, kind);
      throw error;
    }
  }
}

/** Null: the network has seen nothing of it. */
function failureOf(error: unknown): TraceEvent["kind"] | null {
  if (error instanceof Deno.errors.ConnectionRefused) return "refused";
  if (error instanceof TimeoutError) return "timeout";
  if (error instanceof Deno.errors.TimedOut) return "timeout";
  if (isReset(error)) return "rst";
  // The system's errors have a name for a code: EHOSTUNREACH.
  const { code } = error as { code?: unknown };
  return typeof code === "string" ? "failed" : null;
}
