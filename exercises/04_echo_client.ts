/**
 * Exercise 4: the Echo client.
 *
 * Teaches: two directions. write() may take a part, so a program writes in a
 * loop; and whoever writes much before reading can wait for a peer that waits
 * for it (deadlock), so both directions go on at once. closeWrite() ends one
 * direction only (half-close): the last echoes still arrive. RFC 862.
 *
 * Terminal 1: deno run --allow-net=127.0.0.1:7007 exercises/04_echo_server.ts 7007
 * Terminal 2: deno run --allow-net=127.0.0.1:7007 exercises/04_echo_client.ts 127.0.0.1 7007
 *
 * You will see: each line come back, compared byte for byte, and how long it
 * took. Ctrl-D (Ctrl-Z on Windows) ends your direction. Lines are text, and
 * sent as UTF-8 with CR LF; --raw sends bytes as they are.
 * Read with it: protocol/transport/connection.ts, where write() loops;
 * 04_echo/echo_raw.ts, both directions at once.
 * Try next: printf 'one\ntwo\n' | ...; --raw with a large file on stdin.
 */
import { counted, printable } from "../protocol/text.ts";
import {
  type ClientOptions,
  Connection,
  Deadline,
  ProtocolError,
} from "../protocol/transport/mod.ts";
import { differenceOf, echoRaw, readEcho } from "./04_echo/echo_raw.ts";
import {
  defineCommand,
  EXIT_FAILED,
  EXIT_OK,
  printNote,
  runMain,
  stdoutBytes,
  streamLine,
} from "./cli/mod.ts";
import { commands } from "./catalogue.ts";
import { stdin } from "./terminal/input.ts";

export interface Echo {
  sent: string;
  received: string;
  /** Where it is not what was sent, in words; null: the same came back. */
  difference: string | null;
  bytes: number;
  rttMs: number;
}

/** Sends line after line and yields what comes back for each. */
export async function* echoClient(
  host: string,
  port: number,
  lines: AsyncIterable<string> | Iterable<string>,
  { timeoutMs = 5000, signal, connect = Deno.connect }: ClientOptions = {},
): AsyncGenerator<Echo> {
  using deadline = new Deadline("connect", timeoutMs, signal);
  using conn = new Connection(
    await connect({ hostname: host, port, signal: deadline.signal }),
    { idleTimeoutMs: timeoutMs, signal },
  );
  deadline.stop(); // Connected: from here on the idle clock counts.
  for await (const line of lines) {
    const sent = new TextEncoder().encode(`${line}\r\n`);
    const startMs = performance.now();
    // Both at once: a line of 10 MB is more than the kernel takes on the way
    // there and back, and writing it all before reading would never end.
    const [received] = await Promise.all([
      readEcho(conn, sent),
      conn.write(sent),
    ]);
    const rttMs = performance.now() - startMs;
    yield {
      sent: line,
      received: new TextDecoder("utf-8", { ignoreBOM: true }).decode(received),
      difference: differenceOf(sent, received),
      bytes: sent.length,
      rttMs,
    };
  }
  await conn.closeWrite();
  if (await conn.read(new Uint8Array(1)) !== null) {
    throw new ProtocolError("More came back than was sent");
  }
}

export const main = defineCommand(commands.echo, async (values, context) => {
  const { host, port, timeout, raw } = values;
  const options = { ...context, timeoutMs: timeout };
  if (raw) {
    const compare = !values["no-compare"];
    await echoRaw(host, port, Deno.stdin, stdoutBytes, { ...options, compare });
    return EXIT_OK;
  }
  const lines = stdin().lines(context.signal, "> ");
  let different = 0;
  for await (const echo of echoClient(host, port, lines, options)) {
    const { received, difference, bytes, rttMs } = echo;
    await streamLine(printable(received).replace(/\n$/, ""));
    const [same, where] = difference === null
      ? ["identical", ""]
      : ["DIFFERENT", `: ${difference}`];
    printNote(
      `${same}, ${counted(bytes, "byte")}, ${rttMs.toFixed(2)} ms${where}`,
    );
    if (difference !== null) different++;
  }
  return different === 0 ? EXIT_OK : EXIT_FAILED;
});

if (import.meta.main) await runMain(main);
