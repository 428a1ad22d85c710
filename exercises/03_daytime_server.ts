/**
 * A local Daytime server, so that exercise 3 needs no other machine.
 *
 * Teaches: the simplest server there is. It sends one line to whoever connects
 * and ends the connection. RFC 867. On Linux the real port 13 needs
 * administrator rights, as all ports below 1024 do: hence 1313.
 *
 * Terminal 1: deno run --allow-net=127.0.0.1:1313 exercises/03_daytime_server.ts 1313
 * Terminal 2: deno run --allow-net=127.0.0.1:1313 exercises/03_daytime_client.ts 127.0.0.1 1313
 *
 * You will see: a line in the log for each client that comes and goes.
 * Try next: read servers/daytime_handler.ts; talk to it with `nc 127.0.0.1 1313`.
 */
import { daytimeHandler } from "../servers/daytime_handler.ts";
import { serve, type ServeOptions, type Server } from "../servers/serve.ts";
import { defineCommand } from "./cli/command.ts";
import { runMain } from "./cli/run.ts";
import { serverOptions, serveUntilStopped } from "./cli/server_command.ts";
import { commands } from "./commands.ts";

/** Listens on `port` (0 picks a free one) and tells everyone the time. */
export function daytimeServer(
  port = 1313,
  { hostname = "127.0.0.1", ...options }: ServeOptions & { hostname?: string } =
    {},
): Server {
  const listener = Deno.listen({ hostname, port });
  return serve(listener, daytimeHandler(), options);
}

export const main = defineCommand(
  commands.daytimeserver,
  (values, { signal }) =>
    serveUntilStopped(
      daytimeServer(values.port, serverOptions(values, signal)),
    ),
);

if (import.meta.main) await runMain(main);
