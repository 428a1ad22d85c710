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

/** What every client here takes, beside what it is for. */
export interface ClientOptions {
  /** How long to wait for the connection, then for the peer, in ms; 0: for ever. */
  timeoutMs?: number;
  /** Ends it. The promise rejects with the signal's reason. */
  signal?: AbortSignal | undefined;
  /** `Deno.connect`, or what stands in for it in the demo and in tests. */
  connect?: typeof Deno.connect;
}
