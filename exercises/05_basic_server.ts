/**
 * Exercise 5: the first server.
 *
 * Teaches: listen, accept, and how a connection is ended in order. The listener
 * gives one connection after the other; answering one must not keep the next
 * waiting. Closing a socket while the peer's bytes lie unread sends RST
 * (reset), and RST destroys what is still on its way to the peer. So: write,
 * half-close (FIN: nothing more will come), read to the peer's end, close.
 * RFC 9293, section 3.6. Python: bind(), listen(5), accept(), SO_REUSEADDR
 * (Deno sets it).
 *
 * Terminal 1: deno run --allow-net=127.0.0.1:8000 exercises/05_basic_server.ts 8000
 * Terminal 2: deno run --allow-net=127.0.0.1:8000 exercises/06_basic_client.ts 127.0.0.1 8000
 *
 * You will see: the client gets one line; the log says who came.
 * Read with it: servers/clients.ts, what happens to each connection. The other
 * servers share the loop of servers/serve.ts: this one, made robust.
 * Try next: start it twice on one port; connect with `nc` and type: --idle is
 * how long it waits for your end; --host ::1 (and --allow-net='[::1]:8000').
 */
import type { Connection, Listener } from "../protocol/transport/mod.ts";
import type { Clients } from "../servers/clients.ts";
import { serve, type Server, type ServerOptions } from "../servers/serve.ts";
import { commands } from "./catalogue.ts";
import { runMain, serverCommand } from "./cli/mod.ts";

/**
 * Listens on `port` (0 picks a free one) and welcomes each client.
 *
 * Without a hostname `Deno.listen` takes 0.0.0.0: every network that the
 * machine is on. A laboratory stays on loopback unless it is told otherwise.
 */
export function basicServer(
  port = 8000,
  { hostname = "127.0.0.1", listen = Deno.listen, ...options }: ServerOptions =
    {},
): Server {
  const listener = listen({ hostname, port });
  return serve(listener, welcome, { ...options, acceptLoop });
}

/** Takes connection after connection, until the server is told to stop. */
async function acceptLoop(listener: Listener, clients: Clients): Promise<void> {
  while (!clients.signal.aborted) {
    await clients.placeFree(); // Others wait in the backlog.
    try {
      const socket = await listener.accept();
      clients.start(socket); // Calls `welcome`, and does not wait for it.
    } catch (error) {
      // Stopping has closed the listener. Else one connection has failed, or
      // too many files are open: that passes, and must not end the server.
      if (!clients.signal.aborted) await clients.recover(error);
    }
  }
}

/** What one client gets: a line with the time, and the end. */
async function welcome(conn: Connection): Promise<void> {
  const line = `Welcome to tcplab, it is ${new Date().toISOString()}\r\n`;
  await conn.write(new TextEncoder().encode(line));
  await conn.closeWrite(); // FIN: nothing more will come from here.
  const ignored = new Uint8Array(1024);
  while (await conn.read(ignored) !== null) { /* Until the client's FIN. */ }
  // When this returns it is closed: now there is nothing unread.
}

export const main = serverCommand(commands.server, basicServer);

if (import.meta.main) await runMain(main);
