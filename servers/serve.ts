import type { Endpoint, Listen, Listener } from "../protocol/transport/mod.ts";
import { Clients, type ClientsOptions, type Handler } from "./clients.ts";

export interface ServeOptions extends ClientsOptions {
  /** Stops the server, as `shutdown()` does. */
  signal?: AbortSignal | undefined;
  /** How long handlers may take to finish when the server stops, in ms. */
  shutdownGraceMs?: number;
  /** Replaces the accept loop: exercise 5 has its own. */
  acceptLoop?: AcceptLoop;
}

/** Options that every server of the exercises takes. */
export interface ServerOptions extends ServeOptions {
  hostname?: string;
  listen?: Listen;
}

/** Accepts clients until `clients.signal` fires. */
export type AcceptLoop = (
  listener: Listener,
  clients: Clients,
) => Promise<void>;

export interface Server extends AsyncDisposable {
  readonly addr: Endpoint;
  /** Resolves after a stop, when the last connection has ended. */
  readonly finished: Promise<void>;
  /** Stops accepting, ends the connections and waits for all of them. */
  shutdown(): Promise<void>;
}

/**
 * Answers each connection with `handler`, as `Deno.serve` does, but on a
 * listener that is already bound: the caller's `listen` decides the address,
 * and port 0 picks a free port.
 */
export function serve(
  listener: Listener,
  handler: Handler,
  options: ServeOptions = {},
): Server {
  const { signal, shutdownGraceMs = 0, acceptLoop = acceptAll } = options;
  const stop = new AbortController();
  const beginStop = () => {
    if (stop.signal.aborted) return;
    stop.abort(new DOMException("The server is stopping", "AbortError"));
    try {
      listener.close();
    } catch {
      // Its owner has closed it already.
    }
  };
  const clients = new Clients(handler, options, stop.signal);
  const run = async () => {
    await acceptLoop(listener, clients);
    beginStop(); // Its owner may have closed the listener.
    signal?.removeEventListener("abort", beginStop);
    await clients.end(shutdownGraceMs);
  };
  if (signal?.aborted) beginStop();
  else signal?.addEventListener("abort", beginStop);
  const finished = run();
  const shutdown = () => {
    beginStop();
    return finished;
  };
  return {
    addr: listener.addr,
    finished,
    shutdown,
    [Symbol.asyncDispose]: shutdown,
  };
}

/** Exercise 5's loop, for a listener that its owner may close, too. */
async function acceptAll(listener: Listener, clients: Clients): Promise<void> {
  for (;;) {
    await clients.placeFree();
    if (clients.signal.aborted) return;
    try {
      // Not `for await`: it ends at the first error, such as EMFILE.
      clients.start(await listener.accept());
    } catch (error) {
      if (clients.signal.aborted) return;
      if (error instanceof Deno.errors.BadResource) return;
      await clients.recover(error);
    }
  }
}
