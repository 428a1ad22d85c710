import type { Endpoint } from "./address.ts";
import { Countdown, TimeoutError } from "./deadline.ts";
import type {
  Connect,
  ConnectOptions,
  Listen,
  Listener,
  Socket,
} from "./socket.ts";
import { tlsError, TlsSocket } from "./tls_socket.ts";

/** What a server shows, and proves to own. Both as PEM. */
export interface ServerIdentity {
  cert: string;
  key: string;
}

/** How the handshake of an accepted connection ended. */
export interface Handshake {
  peer: Endpoint;
  ms: number;
  /** Why it failed; null: it did not. */
  failure: unknown;
}

/** Longer than the slowest network takes for the two round trips. */
const HANDSHAKE_MS = 10_000;

/**
 * `connect` with TLS on top (RFC 8446), shaken hands. The signal covers that
 * too. `caCerts` (PEM) are the authorities to trust beside those that Deno
 * knows. The peer must prove that it is `hostname`.
 *
 * Only Deno's own connections take TLS: put other decorators around this one.
 *
 * @throws {TlsError} Also when it is not, or speaks no TLS.
 */
export function tlsConnect(
  connect: (options: ConnectOptions) => Promise<Deno.TcpConn>,
  caCerts: readonly string[] = [],
): Connect {
  return async (options) => {
    const { hostname, signal } = options;
    const conn = await connect(options);
    // Else the handshake waits for a delayed ACK: 40 ms.
    conn.setNoDelay();
    let tls: TlsSocket | null = null;
    const onAbort = () => tls?.[Symbol.dispose]();
    try {
      const [name = ""] = hostname.split("%"); // No zone is in a certificate.
      const trust = { hostname: name, caCerts: [...caCerts] };
      tls = new TlsSocket(await Deno.startTls(conn, trust));
      signal?.throwIfAborted();
      signal?.addEventListener("abort", onAbort);
      await tls.handshake();
      signal?.throwIfAborted();
      return tls;
    } catch (error) {
      (tls ?? conn)[Symbol.dispose]();
      signal?.throwIfAborted();
      throw error;
    } finally {
      signal?.removeEventListener("abort", onAbort);
    }
  };
}

/**
 * `Deno.listen` with TLS on top. `accept()` gives connections that have shaken
 * hands, or failed to: such a one fails in each call, with the reason. Who
 * takes longer than `handshakeMs` has failed, and keeps nobody waiting.
 *
 * Of a handshake that we gave up, and of data that nobody takes, Deno closes
 * the descriptor only when the peer has closed: a limit of its TLS.
 */
export function tlsListen(
  identity: ServerIdentity,
  handshakeMs = HANDSHAKE_MS,
  onHandshake: (handshake: Handshake) => void = () => {},
): Listen {
  return (options) => {
    const listener = Deno.listenTls({ ...options, ...identity });
    return new TlsListener(listener, handshakeMs, onHandshake);
  };
}

class TlsListener implements Listener {
  readonly addr: Listener["addr"];
  readonly #listener: Deno.TlsListener;
  readonly #handshakeMs: number;
  readonly #onHandshake: (handshake: Handshake) => void;
  readonly #unfinished = new Set<Deno.TlsConn>();
  /** Ready before anybody asked. */
  readonly #ready: Socket[] = [];
  #waiting: PromiseWithResolvers<Socket> | null = null;
  #isAccepting = false;
  #isClosed = false;

  constructor(
    listener: Deno.TlsListener,
    handshakeMs: number,
    onHandshake: (handshake: Handshake) => void,
  ) {
    this.addr = listener.addr as Deno.NetAddr;
    this.#listener = listener;
    this.#handshakeMs = handshakeMs;
    this.#onHandshake = onHandshake;
  }

  accept(): Promise<Socket> {
    const socket = this.#ready.shift();
    if (socket) return Promise.resolve(socket);
    this.#waiting = Promise.withResolvers();
    const { promise } = this.#waiting;
    if (!this.#isAccepting) void this.#acceptMore();
    return promise;
  }

  close(): void {
    this.#isClosed = true;
    this.#listener.close();
    for (const conn of this.#unfinished) conn[Symbol.dispose]();
    for (const socket of this.#ready.splice(0)) socket.close();
  }

  [Symbol.dispose](): void {
    if (!this.#isClosed) this.close();
  }

  /** As long as somebody waits: else the kernel's backlog is the place. */
  async #acceptMore(): Promise<void> {
    this.#isAccepting = true;
    try {
      while (this.#waiting) {
        const conn = await this.#listener.accept();
        void this.#shakeHands(conn);
      }
    } catch (error) {
      this.#waiting?.reject(error);
      this.#waiting = null;
    } finally {
      this.#isAccepting = false;
    }
  }

  async #shakeHands(conn: Deno.TlsConn): Promise<void> {
    this.#unfinished.add(conn);
    const startMs = performance.now();
    let failure: unknown = null;
    using _ = Countdown.after(this.#handshakeMs, () => {
      failure = new TimeoutError("connect", this.#handshakeMs);
      conn[Symbol.dispose]();
    });
    try {
      await conn.handshake();
    } catch (error) {
      failure ??= tlsError(error, false);
      conn[Symbol.dispose]();
    }
    this.#unfinished.delete(conn);
    if (this.#isClosed) return conn[Symbol.dispose]();
    const peer = conn.remoteAddr as Deno.NetAddr;
    this.#onHandshake({ peer, ms: performance.now() - startMs, failure });
    const socket = new TlsSocket(conn, failure);
    if (this.#waiting) this.#waiting.resolve(socket);
    else this.#ready.push(socket);
    this.#waiting = null;
  }
}
