/**
 * Exercise 6: the first client.
 *
 * Teaches: text over TCP needs framing. A line reader keeps what has arrived
 * and gives whole lines, however the bytes were cut on the way; the end of
 * input between two lines is an end, in the middle of one it is an error.
 * Python: makefile().readline().
 *
 * Terminal 1: deno run --allow-net=127.0.0.1:8000 exercises/05_basic_server.ts 8000
 * Terminal 2: deno run --allow-net=127.0.0.1:8000 exercises/06_basic_client.ts 127.0.0.1 8000
 *
 * You will see: the server's line.
 * Read with it: protocol/transport/line_reader.ts, the lesson's other half;
 * protocol/transport/connection.ts, the socket with its clocks and that reader.
 * Try next: without a server; against the daytime server (the permission names
 * the port too).
 */
import { printable } from "../protocol/text.ts";
import {
  type ClientOptions,
  Connection,
  Deadline,
  UnexpectedEndError,
} from "../protocol/transport/mod.ts";
import { commands } from "./catalogue.ts";
import { defineCommand, EXIT_OK, runMain, streamLine } from "./cli/mod.ts";

/** Yields the lines that the server sends, until it ends. */
export async function* basicClient(
  host: string,
  port = 8000,
  { timeoutMs = 5000, signal, connect = Deno.connect }: ClientOptions = {},
): AsyncGenerator<string> {
  using deadline = new Deadline("connect", timeoutMs, signal);
  using conn = new Connection(
    await connect({ hostname: host, port, signal: deadline.signal }),
    { idleTimeoutMs: timeoutMs, signal },
  );
  deadline.stop(); // Connected: from here on the idle clock counts.
  for (;;) {
    const line = await conn.readLine();
    if (line === null) return;
    yield line;
  }
}

export const main = defineCommand(
  commands.client,
  async ({ host, port, timeout }, context) => {
    const options = { ...context, timeoutMs: timeout };
    let lines = 0;
    for await (const line of basicClient(host, port, options)) {
      await streamLine(printable(line));
      lines++;
    }
    if (lines === 0) throw new UnexpectedEndError("It sent no line at all");
    return EXIT_OK;
  },
);

if (import.meta.main) await runMain(main);
