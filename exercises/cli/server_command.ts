import { dim } from "@std/fmt/colors";
import { jsonLine } from "../../protocol/text.ts";
import { formatEndpoint, type Listen } from "../../protocol/transport/mod.ts";
import type { Log, LogEntry } from "../../servers/log.ts";
import type { Server, ServerOptions } from "../../servers/serve.ts";
import { enableColorOnTerminal } from "../terminal/capabilities.ts";
import { writeStderr } from "../terminal/stderr.ts";
import { printLine } from "../terminal/stdout.ts";
import { defineCommand } from "./command.ts";
import type { CommandContext, CommandSpec, Main } from "./command_spec.ts";
import { EXIT_OK } from "./outcome.ts";
import type { Parameter } from "./parameters.ts";
import type { Values } from "./parse_command.ts";
import type { serverOptions as parameters } from "./shared_parameters.ts";

/** A server that takes what every server takes, and no more. */
interface ServerSpec extends CommandSpec {
  arguments: { port: Parameter<number> };
  options: typeof parameters;
}

/** The `main` of such a server. */
export function serverCommand(
  spec: ServerSpec,
  start: (port: number, options: ServerOptions) => Server,
): Main {
  return defineCommand(
    spec,
    (values, context) =>
      serveUntilStopped(start(values.port, serverOptions(values, context))),
  );
}

/** Those options in the words of `serve`. */
export function serverOptions(
  values: Omit<Values<ServerSpec>, "port">,
  { signal, listen, metrics }: CommandContext,
): ServerOptions {
  return {
    hostname: values.host,
    idleTimeoutMs: values.idle,
    totalTimeoutMs: values.total,
    maxConnections: values["max-connections"],
    log: stderrLog(values),
    metrics,
    signal,
    listen: keepingZone(listen),
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

/**
 * `listen`, with the zone of a link-local address (RFC 4007) in `addr`: the
 * system does not give it back, and without it nobody can connect.
 */
export function keepingZone(listen: Listen): Listen {
  return (options) => {
    const listener = listen(options);
    const [zone = ""] = /%.*$/.exec(options.hostname) ?? [];
    const { hostname, port } = listener.addr;
    return {
      addr: { hostname: hostname + zone, port },
      accept: () => listener.accept(),
      close: () => listener.close(),
      [Symbol.dispose]: () => listener[Symbol.dispose](),
    };
  };
}

/** A server's log on stderr: one readable line an entry, or one JSON object. */
export function stderrLog({ json, quiet }: {
  json: boolean;
  quiet: boolean;
}): Log {
  if (quiet) return () => {};
  const lines = new LineBatch();
  if (json) {
    return (entry) =>
      lines.push(jsonLine({ time: new Date().toISOString(), ...entry }));
  }
  enableColorOnTerminal(Deno.stderr);
  return (entry) => lines.push(formatLogEntry(entry));
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

/**
 * The lines of one turn of the event loop go out in one write: with one write a
 * line the log was a third of what a short connection cost. Nothing is lost at
 * the end of the process.
 */
class LineBatch {
  #text = "";

  constructor() {
    globalThis.addEventListener("unload", this.#flush);
  }

  push(line: string): void {
    if (this.#text === "") setImmediate(this.#flush);
    this.#text += `${line}\n`;
  }

  readonly #flush = () => {
    const text = this.#text;
    this.#text = "";
    try {
      writeStderr(text);
    } catch {
      // A full disk, or nobody there to read it, ends no server.
    }
  };
}
