/**
 * Exercise 9: the proxy.
 *
 * Teaches: a relay is two loops, one each way, and each ends by itself: the FIN
 * of one side is passed on as a FIN, and the other direction goes on. A loop
 * writes all of what it read before it reads more, so a slow reader slows the
 * sender through TCP's own window, and nothing piles up here. What stands
 * between two programs can also disturb them, as networks do: --up and --down
 * take faults.
 *
 * Terminal 1: deno run --allow-net=127.0.0.1:7007 exercises/04_echo_server.ts 7007
 * Terminal 2: deno run --allow-net=127.0.0.1:7008,127.0.0.1:7007 exercises/09_proxy.ts 7008 127.0.0.1 7007
 * Terminal 3: deno run --allow-net=127.0.0.1:7008 exercises/04_echo_client.ts 127.0.0.1 7008
 *
 * You will see: the echo, one port further; the log of the proxy says who came.
 * Read with it: servers/proxy.ts, how it ends, and what it does when the server
 * is gone; protocol/transport/faults/slice.ts, a fault: the others are alike.
 * Try next: --down slice=1,gap=200; --down cut=3; stop the echo server.
 */
import { type Socket, writeAll } from "../protocol/transport/mod.ts";
import { proxyHandler, type ProxyOptions } from "../servers/proxy.ts";
import { serve, type Server } from "../servers/serve.ts";
import { switchFaults } from "./09_proxy/switches.ts";
import { commands } from "./catalogue.ts";
import {
  defineCommand,
  runMain,
  serverOptions,
  serveUntilStopped,
  UsageError,
} from "./cli/mod.ts";

/** Listens on `port`, and relays whoever comes to `host`, `hostPort`. */
export function proxy(
  port: number,
  host: string,
  hostPort: number,
  options: ProxyOptions = {},
): Server {
  const { hostname = "127.0.0.1", listen = Deno.listen } = options;
  const { connect = Deno.connect } = options;
  const listener = listen({ hostname, port });
  const reach = (signal: AbortSignal) =>
    connect({ hostname: host, port: hostPort, signal });
  return serve(listener, proxyHandler(reach, relay, options), options);
}

/** Both ways at once: neither side need speak first, or only in its turn. */
async function relay(client: Socket, server: Socket): Promise<void> {
  await Promise.all([pass(client, server), pass(server, client)]);
}

/** One way: to the end of what comes `from` there. */
async function pass(from: Socket, to: Socket): Promise<void> {
  let buffer = new Uint8Array(1024);
  for (;;) {
    const count = await from.read(buffer);
    if (count === null) break;
    // All of it before the next read: a slow reader slows the sender.
    await writeAll(to, buffer.subarray(0, count));
    // Only a stream gets more room: a thousand idle clients must not cost much.
    if (count === 1024) buffer = new Uint8Array(64 * 1024);
  }
  await to.closeWrite(); // FIN for FIN. The other way may go on.
}

export const main = defineCommand(
  commands.proxy,
  async (values, context) => {
    const { port, host, "host-port": hostPort, seed, timeout } = values;
    if (port !== 0 && port === hostPort && host === values.listen) {
      throw new UsageError(
        "The proxy would be its own server: choose another port",
      );
    }
    using faults = switchFaults(values, context);
    const options = {
      ...serverOptions({ ...values, host: values.listen }, context),
      ...faults,
      connect: context.connect,
      connectTimeoutMs: timeout,
      seed,
    };
    return await serveUntilStopped(proxy(port, host, hostPort, options));
  },
  // Deno's own sockets cannot send RST.
  () => import("../protocol/transport/resettable.ts"),
);

if (import.meta.main) await runMain(main);
