/**
 * Exercise 3: the Daytime client.
 *
 * Teaches: TCP carries bytes, not messages. One read gives what has arrived so
 * far, so a client reads until the server ends the connection: read() gives
 * null (FIN). A peer that never ends needs a clock and a limit.
 * RFC 867. Python: recv(1024), decode("ascii").
 *
 * Terminal 1: deno run --allow-net=127.0.0.1:1313 exercises/03_daytime_server.ts 1313
 * Terminal 2: deno run --allow-net=127.0.0.1:1313 exercises/03_daytime_client.ts 127.0.0.1 1313
 *
 * You will see: the line as the server sent it, and what it means.
 * Read with it: protocol/transport/deadline.ts, the clock.
 * Try next: --json; connect it to the echo server (the permission names the
 * port too): who waits for whom?
 */
import { type Daytime, parseDaytime } from "../protocol/daytime.ts";
import { jsonLine, printable } from "../protocol/text.ts";
import {
  type ClientOptions,
  Deadline,
  ProtocolError,
  refuseSelfConnection,
  UnexpectedEndError,
} from "../protocol/transport/mod.ts";
import {
  defineCommand,
  EXIT_OK,
  printLine,
  printNote,
  runMain,
} from "./cli/mod.ts";
import { commands } from "./catalogue.ts";

/** A Daytime answer is one line: more than this is another service. */
const MAX_ANSWER_BYTES = 4096;

/**
 * Reads a Daytime server's answer to its end. When it breaks off behind a whole
 * line, `failure` says why.
 *
 * @throws {UnexpectedEndError} The server closed without saying anything.
 * @throws {ProtocolError} It sent more than 4096 bytes.
 * @throws {TimeoutError} It took longer than `timeoutMs`.
 */
export async function daytimeClient(
  host: string,
  port = 13,
  { timeoutMs = 5000, signal, connect = Deno.connect }: ClientOptions = {},
): Promise<Daytime & { raw: string; failure: unknown }> {
  using deadline = new Deadline("total", timeoutMs, signal);
  using conn = await connect({ hostname: host, port, signal: deadline.signal });
  refuseSelfConnection(conn);

  // A read takes no signal: what ends one that waits is closing the connection.
  // A signal that has fired by now would not tell us again.
  deadline.signal.throwIfAborted();
  deadline.signal.addEventListener("abort", () => conn.close());

  const answer = new Uint8Array(MAX_ANSWER_BYTES + 1);
  let length = 0;
  let failure: unknown = null;
  try {
    for (;;) {
      const count = await conn.read(answer.subarray(length));
      if (count === null) break;
      length += count;
      if (length > MAX_ANSWER_BYTES) break;
    }
  } catch (error) {
    signal?.throwIfAborted();
    // After our own close the read says `Interrupted`: say why we closed.
    failure = deadline.signal.reason ?? error;
  }
  if (length > MAX_ANSWER_BYTES) {
    throw new ProtocolError(`It sent more than ${MAX_ANSWER_BYTES} bytes`);
  }
  // Decode when all has come: a character can be split between two reads.
  const raw = new TextDecoder().decode(answer.subarray(0, length));
  if (failure && !/\S[^\n]*\n/.test(raw)) throw failure;
  if (length === 0) {
    throw new UnexpectedEndError("It ended without sending the time");
  }
  return { raw, ...parseDaytime(raw), failure };
}

export const main = defineCommand(
  commands.daytime,
  async ({ host, port, timeout, json }, context) => {
    const { failure, ...answer } = await daytimeClient(host, port, {
      ...context,
      timeoutMs: timeout,
    });
    if (json) printLine(jsonLine(answer));
    else {
      printLine(printable(answer.raw).trim());
      printNote(explainForm(answer));
    }
    if (failure) throw failure;
    return EXIT_OK;
  },
);

function explainForm({ format, date, doubt }: Daytime): string {
  if (format === "unknown") {
    return "No known form: RFC 867 prescribes none, so this may be a time";
  }
  const meaning = date === null
    ? "but its date or its zone is not understood"
    : `that is ${date.toISOString()}`;
  return `Form ${format}, ${meaning}` + (doubt ? `. Doubtful: ${doubt}` : "");
}

if (import.meta.main) await runMain(main);
