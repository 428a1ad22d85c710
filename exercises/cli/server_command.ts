import { formatEndpoint, type Listen } from "../../protocol/transport/mod.ts";
import type { Server, ServerOptions } from "../../servers/serve.ts";
import { printLine } from "../terminal/stdout.ts";
import type { CommandContext } from "./command_spec.ts";
import { EXIT_OK } from "./outcome.ts";
import { stderrLog } from "./stderr_log.ts";

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
