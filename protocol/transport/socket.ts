import type { Endpoint } from "./address.ts";

/** What bytes come from: a socket, a file, or a fake in a test. */
export interface Reader {
  /** Fills part of `buffer` and returns the count; null at the end of input. */
  read(buffer: Uint8Array): Promise<number | null>;
}

/** Where bytes go: a socket, a file, or a fake in a test. */
export interface Writer {
  /** Writes part of `data`, possibly all, and returns the count. */
  write(data: Uint8Array): Promise<number>;
}

/**
 * One end of a connection: a `Deno.TcpConn`, or a stand-in (a decorator that
 * traces each call, a fake in a test).
 */
export interface Socket extends Reader, Writer, Disposable {
  readonly localAddr: Endpoint;
  readonly remoteAddr: Endpoint;
  /** Half-close: sends FIN. The peer can still send, and we can read it. */
  closeWrite(): Promise<void>;
  /**
   * `reason` is for traces. When it is a reset, a socket that `canReset` sends
   * RST; Deno's own always sends FIN.
   */
  close(reason?: unknown): void;
  readonly canReset?: boolean;
  /** Sends small writes at once (no Nagle, RFC 896). Not every socket can. */
  setNoDelay?(noDelay?: boolean): void;
  /** Lets the kernel probe a silent peer (RFC 1122). */
  setKeepAlive?(keepAlive?: boolean): void;
}

export interface ConnectOptions extends Endpoint {
  /** Cancels the attempt; has no effect once connected. */
  signal?: AbortSignal;
}

/** `Deno.connect`, or a decorator of it. */
export type Connect = (options: ConnectOptions) => Promise<Socket>;

/** Accepts connections: a `Deno.TcpListener`, or a stand-in. */
export interface Listener extends Disposable {
  readonly addr: Endpoint;
  accept(): Promise<Socket>;
  close(): void;
}

export interface ListenOptions extends Endpoint {
  /** How many connections the kernel queues before they are accepted. */
  tcpBacklog?: number;
}

/** `Deno.listen`, or a decorator of it. */
export type Listen = (options: ListenOptions) => Listener;

/** Where sockets come from: `Deno`, or a stand-in. */
export interface Network {
  connect: Connect;
  listen: Listen;
}

/** Options that every client here takes. */
export interface ClientOptions {
  /** How long to wait to connect, then for the peer, in ms; 0: no limit. */
  timeoutMs?: number;
  /** Stops the client. Its promise rejects with the signal's reason. */
  signal?: AbortSignal | undefined;
  connect?: Connect;
}
