/**
 * Exercise 7: the message server.
 *
 * Teaches: many clients that hear each other. Python gives each a thread, and
 * a lock for the list of clients, since a thread can be stopped anywhere, in
 * the middle of a change too. Here one event loop serves them all: what runs
 * is not interrupted until it awaits, so a change that awaits nothing is whole
 * (servers/messages/room.ts), and no lock is needed. Two things would still go wrong:
 * an `await` in the middle of a change, where others come in between and see
 * half of it; and two writers on one connection, whose lines would mix, since
 * write() may take a part. Hence one outbox for each client: it alone writes,
 * one write for all that waits, and nobody waits for it (servers/messages/outbox.ts).
 *
 * Terminal 1: deno run --allow-net=127.0.0.1:9000 exercises/07_message_server.ts 9000
 * Terminal 2: deno run --allow-net=127.0.0.1:9000 exercises/07_message_client.ts 127.0.0.1 9000
 *
 * You will see: who joins, and who leaves and why.
 * Read with it: servers/messages/message_handler.ts, one client from its first
 * line to its last; servers/messages/hub.ts, who hears what.
 * Try next: several clients; `nc 127.0.0.1 9000`; stop an `nc` with Ctrl-Z
 * while others send much; --metrics 9190 and `curl 127.0.0.1:9190/metrics`.
 */
import { harmless, type Log, type LogEntry } from "../servers/log.ts";
import { MessageHub } from "../servers/messages/hub.ts";
import {
  LINGER_MS,
  messageHandler,
  type MessageOptions,
} from "../servers/messages/message_handler.ts";
import type { RoomLink } from "../servers/messages/room_link.ts";
import { serve, type Server, type ServerOptions } from "../servers/serve.ts";
import {
  defineCommand,
  openLogins,
  openRoom,
  runMain,
  serveUntilStopped,
  stderrLog,
} from "./cli/mod.ts";
import { commands } from "./catalogue.ts";

export type MessageServerOptions =
  & MessageOptions
  & Pick<ServerOptions, "hostname" | "listen" | "signal">
  & {
    /** The room is one that other servers share. Its owner disposes it. */
    link?: RoomLink | undefined;
  };

/**
 * How many connections the kernel holds that we have not accepted. Over it, it
 * drops the last step of the handshake: the client believes it is connected,
 * and waits for a welcome.
 */
const BACKLOG = 4096;

/** Listens on `port` (0 picks a free one) and lets its clients talk. */
export function messageServer(
  port = 9000,
  { hostname = "127.0.0.1", listen = Deno.listen, signal, link, ...options }:
    MessageServerOptions = {},
): Server {
  const listener = listen({ hostname, port, tcpBacklog: BACKLOG });
  const log = harmless(options.log);
  const hub = new MessageHub(log, link?.room);
  link?.start(hub, log);
  return serve(listener, messageHandler(hub, { ...options, log }), {
    metrics: options.metrics,
    signal,
    shutdownGraceMs: LINGER_MS,
    log: (entry) => logTrouble(entry, log),
  });
}

/** Who joins and leaves says more than who connects and disconnects. */
function logTrouble(entry: LogEntry, log: Log): void {
  log(entry.event.endsWith("connect") ? { level: "debug", ...entry } : entry);
}

export const main = defineCommand(
  commands.msgserver,
  async (values, { signal, listen, metrics }) => {
    const log = stderrLog(values);
    await using link = await openRoom(values);
    const server = messageServer(values.port, {
      hostname: values.host,
      maxClients: values["max-clients"],
      queueBytes: values.queue,
      linesPerSecond: values.flood,
      idleTimeoutMs: values.idle,
      logins: await openLogins(values.users, log),
      link,
      log,
      metrics,
      listen,
      signal,
    });
    return await serveUntilStopped(server);
  },
);

if (import.meta.main) await runMain(main);
