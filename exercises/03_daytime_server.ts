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
 * Read with it: servers/daytime_handler.ts, what one client gets;
 * servers/serve.ts, the accept loop.
 * Try next: talk to it with `nc 127.0.0.1 1313`.
 */
import { daytimeHandler } from "../servers/daytime_handler.ts";
import { serve, type Server, type ServerOptions } from "../servers/serve.ts";
import { commands } from "./catalogue.ts";
import { runMain, serverCommand } from "./cli/mod.ts";

/** Listens on `port` (0 picks a free one) and tells everyone the time. */
export function daytimeServer(
  port = 1313,
  { hostname = "127.0.0.1", listen = Deno.listen, ...options }: ServerOptions =
    {},
): Server {
  const listener = listen({ hostname, port });
  return serve(listener, daytimeHandler(), options);
}

export const main = serverCommand(commands.daytimeserver, daytimeServer);

if (import.meta.main) await runMain(main);
