import { delay } from "@std/async/delay";
import {
  disturbed,
  type FaultSetting,
  type FaultTools,
  mulberry32,
} from "../protocol/transport/faults/mod.ts";
import {
  type Connect,
  Connection,
  Deadline,
  endReason,
  formatEndpoint,
  isReset,
  type Socket,
} from "../protocol/transport/mod.ts";
import type { Handler } from "./clients.ts";
import { ConnectionCounts } from "./connection_counts.ts";
import { counter } from "./metrics.ts";
import type { ServerOptions } from "./serve.ts";

export interface ProxyOptions extends ServerOptions {
  connect?: Connect;
  /** The faults on the way to the server, in the order in which they act. */
  up?: readonly FaultSetting[];
  /** Those on the way back. */
  down?: readonly FaultSetting[];
  /** With the same one the faults do the same. */
  seed?: number;
  /** How long the server may take to accept, in ms; 0: for ever. */
  connectTimeoutMs?: number;
}

/** Opens the way to the server, for one client. */
export type Reach = (signal: AbortSignal) => Promise<Socket>;

/** Passes on what comes, both ways, until both have ended. */
export type Relay = (client: Socket, server: Socket) => Promise<void>;

/**
 * What a proxy does around its `relay`. A failure of one side ends the other:
 * with RST, if it was one, or if the server cannot be reached at all.
 */
export function proxyHandler(
  reach: Reach,
  relay: Relay,
  options: ProxyOptions = {},
): Handler {
  const { up = [], down = [], seed = 0, log = () => {}, metrics } = options;
  let connections = 0;
  let unreachable = 0;
  const counts = new ConnectionCounts();
  metrics?.add(() => [
    ...counts.metrics("tcplab_upstream", "opened"),
    counter(
      "tcplab_upstream_unreachable_total",
      "Times that the server behind the proxy could not be reached.",
      unreachable,
    ),
  ]);
  return async (client, { signal }) => {
    const tools = faultTools(seed + connections++);
    const peer = formatEndpoint(client.remoteAddr);
    let server: Connection;
    try {
      server = await reachServer(reach, signal, options);
      const at = formatEndpoint(server.remoteAddr);
      log({ level: "debug", event: "reached", peer, server: at });
    } catch (error) {
      unreachable++;
      const reason = endReason(error);
      log({ level: "error", event: "unreachable", peer, reason });
      const message = "The server cannot be reached";
      client.close(new Deno.errors.ConnectionReset(message, { cause: error }));
      return;
    }
    counts.begin(server);
    let failure: unknown = null;
    const ends = [disturbed(client, down, tools), disturbed(server, up, tools)];
    const end = (reason: unknown) => ends.forEach((end) => end.close(reason));
    // A fault may wait, and would not see that its connection is closed.
    const onStop = () => end(signal.reason);
    signal.addEventListener("abort", onStop);
    try {
      await relay(ends[0]!, ends[1]!);
      end(null);
    } catch (error) {
      failure = error;
      end(isReset(error) ? error : null);
      throw error;
    } finally {
      counts.end(server, failure);
      signal.removeEventListener("abort", onStop);
    }
  };
}

async function reachServer(
  reach: Reach,
  signal: AbortSignal,
  { connectTimeoutMs = 5000, idleTimeoutMs = 0 }: ProxyOptions,
): Promise<Connection> {
  using deadline = new Deadline("connect", connectTimeoutMs, signal);
  const socket = await reach(deadline.signal);
  return new Connection(socket, { idleTimeoutMs, signal });
}

function faultTools(seed: number): FaultTools {
  const next = mulberry32(seed);
  return {
    now: () => performance.now(),
    wait: (ms, signal) => delay(ms, { signal }),
    random: () => next() / 2 ** 32,
  };
}
