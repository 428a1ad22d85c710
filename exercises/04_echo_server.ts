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
 * Try next: read servers/echo_handler.ts; wait a minute without typing: --idle.
 */
import { handleEcho } from "../servers/echo_handler.ts";
import { serve, type ServeOptions, type Server } from "../servers/serve.ts";
import { defineCommand } from "./cli/command.ts";
import { runMain } from "./cli/run.ts";
import { serverOptions, serveUntilStopped } from "./cli/server_command.ts";
import { commands } from "./commands.ts";

/** Listens on `port` (0 picks a free one) and sends back what it is sent. */
export function echoServer(
  port = 7007,
  { hostname = "127.0.0.1", ...options }: ServeOptions & { hostname?: string } =
    {},
): Server {
  const listener = Deno.listen({ hostname, port });
  return serve(listener, handleEcho, options);
}

export const main = defineCommand(
  commands.echoserver,
  (values, { signal }) =>
    serveUntilStopped(echoServer(values.port, serverOptions(values, signal))),
);

if (import.meta.main) await runMain(main);
