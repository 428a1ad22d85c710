/** What every client here takes, beside what it is for. */
export interface ClientOptions {
  /** How long to wait for the connection, then for the peer, in ms; 0: for ever. */
  timeoutMs?: number;
  /** Ends it. The promise rejects with the signal's reason. */
  signal?: AbortSignal | undefined;
  /** `Deno.connect`, or what stands in for it in the demo and in tests. */
  connect?: typeof Deno.connect;
}
