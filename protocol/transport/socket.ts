import type { Endpoint } from "./address.ts";

/** What bytes come from: a socket, a file, or a fake in a test. */
export interface Reader {
  /** Fills a part of `buffer`; null is the end of input. */
  read(buffer: Uint8Array): Promise<number | null>;
}

/** Where bytes go: a socket, a file, or a fake in a test. */
export interface Writer {
  /** Takes a part of `data` and says how much: possibly not all. */
  write(data: Uint8Array): Promise<number>;
}

/**
 * One end of a connection: a `Deno.TcpConn`, or what stands in for it (a
 * decorator that tells of each call, a fake in a test).
 */
export interface Socket extends Reader, Writer, Disposable {
  readonly localAddr: Endpoint;
  readonly remoteAddr: Endpoint;
  /** Half-close: sends FIN. The peer can still send, and be read. */
  closeWrite(): Promise<void>;
  /** `reason` is for who watches: the kernel closes alike for all. */
  close(reason?: unknown): void;
  /** Sends small writes at once (Nagle, RFC 896). Not every socket has it. */
  setNoDelay?(noDelay?: boolean): void;
  /** Lets the kernel ask now and then whether the peer is there (RFC 1122). */
  setKeepAlive?(keepAlive?: boolean): void;
}

export interface ConnectOptions extends Endpoint {
  /** Ends the attempt; once connected it means nothing any more. */
  signal?: AbortSignal;
}

/** `Deno.connect`, or a decorator of it. */
export type Connect = (options: ConnectOptions) => Promise<Socket>;

/** What accepts connections: a `Deno.TcpListener`, or what stands in for it. */
export interface Listener extends Disposable {
  readonly addr: Endpoint;
  accept(): Promise<Socket>;
  close(): void;
}

export interface ListenOptions extends Endpoint {
  /** How many connections the kernel holds that were not accepted yet. */
  tcpBacklog?: number;
}

/** `Deno.listen`, or a decorator of it. */
export type Listen = (options: ListenOptions) => Listener;

/** What every client here takes, beside what it is for. */
export interface ClientOptions {
  /** How long to wait for the connection, then for the peer, in ms; 0: for ever. */
  timeoutMs?: number;
  /** Ends it. The promise rejects with the signal's reason. */
  signal?: AbortSignal | undefined;
  connect?: Connect;
}
