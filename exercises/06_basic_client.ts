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
 * Try next: without a server; against the daytime server (the permission names
 * the port too); read protocol/transport/line_reader.ts.
 */
import { UnexpectedEndError } from "../protocol/errors.ts";
import { printable } from "../protocol/text.ts";
import { Connection } from "../protocol/transport/connection.ts";
import { connectWithin } from "../protocol/transport/deadline.ts";
import { LineReader } from "../protocol/transport/line_reader.ts";
import type { ClientOptions } from "../protocol/transport/socket.ts";
import { defineCommand } from "./cli/command.ts";
import { EXIT_OK } from "./cli/outcome.ts";
import { runMain } from "./cli/run.ts";
import { commands } from "./commands.ts";
import { streamLine } from "./terminal/stdout.ts";

/** Yields the lines that the server sends, until it ends. */
export async function* basicClient(
  host: string,
  port = 8000,
  { timeoutMs = 5000, signal, connect = Deno.connect }: ClientOptions = {},
): AsyncGenerator<string> {
  using conn = new Connection(
    await connectWithin(timeoutMs, connect, { hostname: host, port, signal }),
    { idleTimeoutMs: timeoutMs, signal },
  );
  const reader = new LineReader(conn);
  for (;;) {
    const line = await reader.readLine();
    if (line === null) return;
    yield line;
  }
}

export const main = defineCommand(
  commands.client,
  async ({ host, port, timeout }, { signal }) => {
    const options = { timeoutMs: timeout, signal };
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
