/**
 * Exercise 8: the client of the file server.
 *
 * Teaches: text and bytes on one connection. The size in SENDING_FILE tells
 * where the bytes end and lines begin again. A connection that breaks must not
 * leave half a file under a whole name: what comes goes to <name>.part, which
 * gets the name when its size and its SHA-256 are right. See protocol/README.md.
 * Python: recv(4096) until the size is reached, os.link() or os.replace().
 *
 * Terminal 1: deno run --allow-net=127.0.0.1:9100 --allow-read=shared_files exercises/08_file_server.ts 9100
 * Terminal 2: deno run --allow-net=127.0.0.1:9100 exercises/08_file_client.ts 127.0.0.1 9100 get hello.txt --output -
 *
 * You will see: the file; on stderr its size, its rate, and that it is the same.
 * Read next: 08_files/receive.ts, which counts the bytes; 08_files/part_file.ts, which
 * gives them their name.
 * Try next: without any word after the port; without --output, which needs
 * --allow-read=. --allow-write=. too; a large file, Ctrl-C halfway, --resume;
 * --chunk 4096, as Python's laboratory reads: a file takes several times as long,
 * for each chunk is a system call, and a hand-over to the thread that writes.
 */
import { createHash } from "node:crypto";
import type { Refusal } from "../protocol/files.ts";
import { Connection } from "../protocol/transport/connection.ts";
import { Deadline } from "../protocol/transport/deadline.ts";
import type { ClientOptions, Writer } from "../protocol/transport/socket.ts";
import { checkWords } from "./08_files/check_words.ts";
import type { Fetched, FetchOptions } from "./08_files/fetched.ts";
import { FileClient } from "./08_files/file_client.ts";
import { listFiles } from "./08_files/file_report.ts";
import { getFiles, type GetOptions } from "./08_files/get_files.ts";
import { runSession } from "./08_files/prompt.ts";
import { defineCommand } from "./cli/command.ts";
import { EXIT_FAILED, EXIT_OK } from "./cli/outcome.ts";
import { runMain } from "./cli/run.ts";
import { commands } from "./commands.ts";
import { stdinLines } from "./terminal/input.ts";

/**
 * A client of the file server there. The client speaks first, so it connects
 * when there is something to ask: see exercises/08_files/file_client.ts.
 */
export function fileClient(
  host: string,
  port: number,
  { timeoutMs = 10_000, signal, connect = Deno.connect }: ClientOptions = {},
): FileClient {
  return new FileClient(async () => {
    using deadline = new Deadline("connect", timeoutMs, signal);
    return new Connection(
      await connect({ hostname: host, port, signal: deadline.signal }),
      { idleTimeoutMs: timeoutMs, signal },
    );
  });
}

/**
 * Fetches a file: GET, SENDING_FILE, READY, the bytes, SHA256. The hash is
 * taken while the bytes arrive.
 *
 * @param open Called with the size once the server has announced the file.
 */
export async function fetchFile(
  client: FileClient,
  name: string,
  open: (size: number) => Promise<Writer>,
  { beginning = null, verify = true, chunkBytes = 1024 * 1024, onProgress }:
    FetchOptions = {},
): Promise<Fetched | Refusal> {
  const hashed = verify && (await client.features()).has("SHA256");
  const hash = hashed ? beginning?.hash ?? createHash("sha256") : null;
  const offset = beginning?.bytes ?? 0;
  // -> GET, or RESUME where a beginning is there; <- SENDING_FILE.
  const announced = await client.announce(name, offset);
  if (announced.kind === "error") return announced;
  const { size } = announced;
  const target = await open(size);
  let received = 0;
  onProgress?.(offset, size);
  // -> READY; <- that many bytes, whatever they are.
  await client.receive(size - offset, target, {
    chunkBytes,
    onBytes: (bytes) => {
      hash?.update(bytes);
      received += bytes.length;
      onProgress?.(offset + received, size);
    },
  });
  if (hash === null) {
    // What follows must be a line again: no byte too many has come.
    if (verify) await client.checkInStep();
    return { kind: "fetched", size, received, sha256: null, same: null };
  }
  // -> SHA256; <- what the server has sent, by its own reckoning.
  const sha256 = hash.digest("hex");
  const told = await client.hashOf(name, size);
  if (told.kind === "error") return told;
  const same = told.hex === sha256;
  return { kind: "fetched", size, received, sha256, same };
}

export const main = defineCommand(
  commands.files,
  async ({ host, port, action, rest: names, timeout, ...values }, context) => {
    const { signal } = context;
    checkWords(action, names, values);
    using client = fileClient(host, port, { ...context, timeoutMs: timeout });
    const options: GetOptions = {
      ...values,
      fetchFile,
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

if (import.meta.main) await runMain(main);
