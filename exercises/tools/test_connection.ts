/**
 * Does a host answer on a port? One sentence and an exit code, for scripts.
 *
 * Terminal 1: deno run --allow-net=127.0.0.1:8000 exercises/05_basic_server.ts 8000
 * Terminal 2: deno run --allow-net=127.0.0.1:8000 exercises/tools/test_connection.ts 127.0.0.1 8000
 *
 * You will see: that it answers, and how fast; or why not, and what to do.
 * Try next: a port without a server, a name that does not exist (with the
 * permission for each); --wait 10000, and only then the server; --json.
 */
import { delay } from "@std/async/delay";
import { jsonLine, roundMs } from "../../protocol/text.ts";
import {
  type ClientOptions,
  Deadline,
  formatEndpoint,
  refuseSelfConnection,
} from "../../protocol/transport/mod.ts";
import { commands } from "../catalogue.ts";
import { explainError } from "../cli/explain_error.ts";
import {
  defineCommand,
  EXIT_FAILED,
  EXIT_OK,
  printLine,
  runMain,
} from "../cli/mod.ts";

/** Between two tries of `--wait`. */
const RETRY_MS = 100;

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

/** Tries for `waitMs` until there is an answer; throws what the last try did. */
export async function waitForAnswer(
  host: string,
  port: number,
  { waitMs, ...options }: ClientOptions & { waitMs: number },
): Promise<number> {
  const { signal } = options;
  const endMs = performance.now() + waitMs;
  for (;;) {
    try {
      return await testConnection(host, port, options);
    } catch (error) {
      const hopeless = error instanceof Deno.errors.NotCapable;
      const over = signal?.aborted || performance.now() >= endMs;
      if (hopeless || over) throw error;
      await delay(RETRY_MS, signal && { signal });
    }
  }
}

export const main = defineCommand(
  commands.test,
  async ({ host, port, timeout, wait, json }, context) => {
    const { signal, connect } = context;
    const options = { signal, connect, timeoutMs: timeout, waitMs: wait };
    try {
      const ms = await waitForAnswer(host, port, options);
      const where = formatEndpoint({ hostname: host, port });
      printLine(
        json
          ? jsonLine({ host, port, answers: true, ms: roundMs(ms) })
          : `${where} answers, connected in ${ms.toFixed(1)} ms`,
      );
      return EXIT_OK;
    } catch (error) {
      const known = !(error instanceof Deno.errors.NotCapable);
      if (!json || !known || signal.aborted) throw error;
      const { what: detail, next: todo } = explainError(error, { host, port });
      printLine(jsonLine({ host, port, answers: false, detail, todo }));
      return EXIT_FAILED;
    }
  },
);

if (import.meta.main) await runMain(main);
