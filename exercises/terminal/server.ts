import { formatEndpoint } from "../../protocol/address.ts";
import type { ServeOptions, Server } from "../../servers/serve.ts";
import { EXIT_OK } from "./exit_codes.ts";
import { stderrLog } from "./log.ts";
import { printLine } from "./output.ts";

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
  signal: AbortSignal,
): ServeOptions & { hostname: string } {
  return {
    hostname: values.host,
    idleTimeoutMs: values.idle,
    totalTimeoutMs: values.total,
    maxConnections: values["max-connections"],
    log: stderrLog(values),
    signal,
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
