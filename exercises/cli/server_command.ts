import { formatEndpoint, type Listen } from "../../protocol/transport/mod.ts";
import type { Server, ServerOptions } from "../../servers/serve.ts";
import { printLine } from "../terminal/stdout.ts";
import { defineCommand } from "./command.ts";
import type { CommandContext, CommandSpec, Main } from "./command_spec.ts";
import { EXIT_OK } from "./outcome.ts";
import type { Parameter } from "./parameters.ts";
import type { Values } from "./parse_command.ts";
import { logWritten, stderrLog } from "./server_log.ts";
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
  try {
    await server.finished;
  } finally {
    await logWritten();
  }
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
