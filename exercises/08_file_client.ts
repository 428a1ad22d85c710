/**
 * Exercise 8: the client of the file server.
 *
 * Teaches: text and bytes on one connection. The size in SENDING_FILE tells
 * where the bytes end and lines begin again. A connection that breaks must not
 * leave half a file under a whole name: what comes goes to <name>.part, and is
 * renamed when its size and its SHA-256 are right. See protocol/README.md.
 * Python: recv(4096) until the size is reached, os.replace().
 *
 * Terminal 1: deno run --allow-net=127.0.0.1:9100 --allow-read=shared_files exercises/08_file_server.ts 9100
 * Terminal 2: deno run --allow-net=127.0.0.1:9100 exercises/08_file_client.ts 127.0.0.1 9100 get hello.txt --output -
 *
 * You will see: the file; on stderr its size, its rate, and that it is the same.
 * Read next: files/fetch_file.ts, the exchange; files/receive.ts, which counts;
 * files/part_file.ts, which gives the name.
 * Try next: without any word after the port; without --output, which needs
 * --allow-read=. --allow-write=. too; a large file, Ctrl-C halfway, --resume;
 * --chunk 4096, as Python's laboratory reads: a file takes six times as long,
 * for each chunk is a system call, and a hand-over to the thread that writes.
 */
import { quote } from "../protocol/quote.ts";
import { Connection } from "../servers/connection.ts";
import { connectWithin } from "../servers/deadline.ts";
import type { ClientOptions } from "./client_options.ts";
import { commands } from "./commands.ts";
import { FileClient } from "./files/file_client.ts";
import { getFiles, type GetOptions } from "./files/get_files.ts";
import { listFiles } from "./files/list_files.ts";
import { runSession } from "./files/session.ts";
import { STDOUT } from "./files/target.ts";
import { defineCommand } from "./terminal/command.ts";
import { EXIT_FAILED, EXIT_OK } from "./terminal/exit_codes.ts";
import { stdinLines } from "./terminal/input.ts";
import { runMain } from "./terminal/run.ts";
import { UsageError } from "./terminal/usage_error.ts";

/**
 * A client of the file server there. The client speaks first, so it connects
 * when there is something to ask: see exercises/files/file_client.ts.
 */
export function fileClient(
  host: string,
  port: number,
  { timeoutMs = 10_000, signal, connect = Deno.connect }: ClientOptions = {},
): FileClient {
  return new FileClient(async () =>
    new Connection(
      await connectWithin(timeoutMs, connect, { hostname: host, port, signal }),
      { idleTimeoutMs: timeoutMs, signal },
    )
  );
}

export const main = defineCommand(
  commands.files,
  async ({ host, port, action, rest: names, timeout, ...values }, context) => {
    const { signal } = context;
    checkWords(action, names, values);
    using client = fileClient(host, port, { timeoutMs: timeout, signal });
    const options: GetOptions = {
      ...values,
      verify: !values["no-verify"],
      chunkBytes: values.chunk,
      signal,
    };
    let failed = 0;
    if (action === "list") await listFiles(client, values);
    else if (action === "get") failed = await getFiles(client, names, options);
    else {
      const lines = stdinLines().lines(signal, "files> ");
      const server = { host, port };
      failed = await runSession(client, lines, { ...options, server });
    }
    await client.quit();
    return failed === 0 ? EXIT_OK : EXIT_FAILED;
  },
);

/** @throws {UsageError} Words that make no sense together. */
function checkWords(
  action: string,
  names: readonly string[],
  { resume, output, ...values }: {
    resume: boolean;
    output: string;
    "no-verify": boolean;
  },
): void {
  if (action === "get" && names.length === 0) {
    throw new UsageError("Missing <name>");
  }
  if (action !== "get" && names.length > 0) {
    throw new UsageError(`Unexpected argument ${quote(names[0]!)}`);
  }
  const clash = names.find((name) => names.includes(`${name}.part`));
  if (clash !== undefined) {
    throw new UsageError(
      `${quote(`${clash}.part`)} is where ${quote(clash)} comes: ` +
        "fetch them to different folders",
    );
  }
  if (resume && (output === STDOUT || values["no-verify"])) {
    const other = output === STDOUT ? "--output -" : "--no-verify";
    throw new UsageError(`Options --resume and ${other} exclude each other`);
  }
}

if (import.meta.main) await runMain(main);
