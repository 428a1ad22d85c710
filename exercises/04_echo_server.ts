/**
 * A local Echo server, so that exercise 4 needs no other machine.
 *
 * Teaches: many clients at once on one event loop, each with a loop of its own
 * that reads, writes back and waits. RFC 862. Its real port is 7.
 *
 * Terminal 1: deno run --allow-net=127.0.0.1:7007 exercises/04_echo_server.ts 7007
 * Terminal 2: deno run --allow-net=127.0.0.1:7007 exercises/04_echo_client.ts 127.0.0.1 7007
 *
 * You will see: a line in the log for each client that comes and goes.
 * Read with it: servers/echo_handler.ts, the loop of one client;
 * servers/serve.ts, the accept loop.
 * Try next: wait a minute without typing: --idle; a second core: --workers 2
 * (04_echo/echo_pool.ts; and --allow-read=.).
 */
import { handleEcho } from "../servers/echo_handler.ts";
import { serve, type Server, type ServerOptions } from "../servers/serve.ts";
import { commands } from "./catalogue.ts";
import {
  defineCommand,
  isUnwatched,
  runMain,
  serverOptions,
  serveUntilStopped,
  UsageError,
} from "./cli/mod.ts";

/** Listens on `port` (0 picks a free one) and sends back what it is sent. */
export function echoServer(
  port = 7007,
  { hostname = "127.0.0.1", listen = Deno.listen, ...options }: ServerOptions =
    {},
): Server {
  const listener = listen({ hostname, port });
  return serve(listener, handleEcho, options);
}

export const main = defineCommand(
  commands.echoserver,
  async ({ port, workers, ...values }, context) => {
    const options = serverOptions(values, context);
    if (workers === 1) {
      return await serveUntilStopped(echoServer(port, options));
    }
    if (!isUnwatched(context.listen)) {
      throw new UsageError(
        "Option --workers takes none of --tls, --trace, --diagram",
      );
    }
    const { echoPool } = await import("./04_echo/echo_pool.ts");
    return await serveUntilStopped(await echoPool(port, workers, options));
  },
);

if (import.meta.main) await runMain(main);
