/**
 * Exercise 5: the first server.
 *
 * Teaches: listen, and how a connection is ended in order. Closing a socket
 * while the peer's bytes lie unread sends RST, and RST destroys what is still
 * on its way to the peer. So: write, half-close (FIN), read to the peer's end,
 * close. RFC 9293, section 3.6. Python: bind(), listen(5), SO_REUSEADDR (Deno
 * sets it). accept() is in servers/serve.ts, which all servers here share.
 *
 * Terminal 1: deno run --allow-net=127.0.0.1:8000 exercises/05_basic_server.ts 8000
 * Terminal 2: deno run --allow-net=127.0.0.1:8000 exercises/06_basic_client.ts 127.0.0.1 8000
 *
 * You will see: the client gets one line; the log says who came.
 * Try next: start it twice on one port; connect with `nc` and type: --idle is
 * how long it waits for your end; --host ::1 (and --allow-net='[::1]:8000').
 */
import type { Connection } from "../protocol/transport/connection.ts";
import { writeAll } from "../protocol/transport/copy.ts";
import { serve, type ServeOptions, type Server } from "../servers/serve.ts";
import { defineCommand } from "./cli/command.ts";
import { runMain } from "./cli/run.ts";
import { serverOptions, serveUntilStopped } from "./cli/server_command.ts";
import { commands } from "./commands.ts";

/**
 * Listens on `port` (0 picks a free one) and welcomes each client.
 *
 * Without a hostname `Deno.listen` takes 0.0.0.0: every network that the
 * machine is on. A laboratory stays on loopback unless it is told otherwise.
 */
export function basicServer(
  port = 8000,
  { hostname = "127.0.0.1", ...options }: ServeOptions & { hostname?: string } =
    {},
): Server {
  const listener = Deno.listen({ hostname, port });
  return serve(listener, welcome, options);
}

/** What one client gets: a line with the time, and the end. */
async function welcome(conn: Connection): Promise<void> {
  const line = `Welcome to tcplab, it is ${new Date().toISOString()}\r\n`;
  await writeAll(conn, new TextEncoder().encode(line));
  await conn.closeWrite(); // FIN: nothing more will come from here.
  const ignored = new Uint8Array(1024);
  while (await conn.read(ignored) !== null) { /* Until the client's FIN. */ }
  // `serve` closes the connection: now there is nothing unread.
}

export const main = defineCommand(
  commands.server,
  (values, { signal }) =>
    serveUntilStopped(basicServer(values.port, serverOptions(values, signal))),
);

if (import.meta.main) await runMain(main);
