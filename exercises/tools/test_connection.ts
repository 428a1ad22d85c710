/**
 * Does a host answer on a port? One sentence and an exit code, for scripts.
 *
 * Terminal 1: deno run --allow-net=127.0.0.1:8000 exercises/05_basic_server.ts 8000
 * Terminal 2: deno run --allow-net=127.0.0.1:8000 exercises/tools/test_connection.ts 127.0.0.1 8000
 *
 * You will see: that it answers, and how fast; or why not, and what to do.
 * Try next: a port without a server, a name that does not exist (with the
 * permission for each).
 */
import {
  type ClientOptions,
  Deadline,
  formatEndpoint,
  refuseSelfConnection,
} from "../../protocol/transport/mod.ts";
import { defineCommand, EXIT_OK, printLine, runMain } from "../cli/mod.ts";
import { commands } from "../catalogue.ts";

/** Connects and closes; the time that it took, in ms. Throws why it failed. */
export async function testConnection(
  host: string,
  port: number,
  { timeoutMs = 5000, signal, connect = Deno.connect }: ClientOptions = {},
): Promise<number> {
  using deadline = new Deadline("connect", timeoutMs, signal);
  const startMs = performance.now();
  using conn = await connect({
    hostname: host,
    port,
    signal: deadline.signal,
  });
  refuseSelfConnection(conn);
  return performance.now() - startMs;
}

export const main = defineCommand(
  commands.test,
  async ({ host, port, timeout }, context) => {
    const ms = await testConnection(host, port, {
      ...context,
      timeoutMs: timeout,
    });
    const where = formatEndpoint({ hostname: host, port });
    printLine(`${where} answers, connected in ${ms.toFixed(1)} ms`);
    return EXIT_OK;
  },
);

if (import.meta.main) await runMain(main);
