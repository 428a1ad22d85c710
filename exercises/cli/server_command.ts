import { dim } from "@std/fmt/colors";
import { jsonLine } from "../../protocol/text.ts";
import { formatEndpoint } from "../../protocol/transport/address.ts";
import type { Log, LogEntry } from "../../servers/log.ts";
import type { Server, ServerOptions } from "../../servers/serve.ts";
import { enableColorOnTerminal } from "../terminal/capabilities.ts";
import { printLine } from "../terminal/stdout.ts";
import type { CommandContext } from "./command_spec.ts";
import { EXIT_OK } from "./outcome.ts";

/** The options that every server takes on the command line. */
export interface ServerValues {
  host: string;
  idle: number;
  total: number;
  "max-connections": number;
  json: boolean;
  quiet: boolean;
}

/** Those options in the words of `serve`. */
export function serverOptions(
  values: ServerValues,
  { signal, listen }: CommandContext,
): ServerOptions {
  return {
    hostname: values.host,
    idleTimeoutMs: values.idle,
    totalTimeoutMs: values.total,
    maxConnections: values["max-connections"],
    log: stderrLog(values),
    signal,
    listen,
  };
}

/**
 * Says where the server listens, on the first line of stdout, and waits until
 * it has stopped in order: being told to stop is no failure.
 */
export async function serveUntilStopped(server: Server): Promise<number> {
  printLine(`Listening on ${formatEndpoint(server.addr)}`);
  await server.finished;
  return EXIT_OK;
}

/** A server's log on stderr: one readable line an entry, or one JSON object. */
export function stderrLog({ json, quiet }: {
  json: boolean;
  quiet: boolean;
}): Log {
  if (quiet) return () => {};
  if (json) {
    return (entry) =>
      console.error(
        jsonLine({ time: new Date().toISOString(), ...entry }),
      );
  }
  enableColorOnTerminal(Deno.stderr);
  return (entry) => console.error(formatLogEntry(entry));
}

/** `03:17:43 disconnect 127.0.0.1:51432 reason=reset` */
export function formatLogEntry(
  { event, peer, ...fields }: LogEntry,
  now = new Date(),
): string {
  const words = Object.entries(fields).map(([name, value]) =>
    `${name}=${value}`
  );
  if (peer !== undefined) words.unshift(String(peer));
  const clock = now.toTimeString().slice(0, 8);
  return `${dim(clock)} ${[event, ...words].join(" ")}`;
}
