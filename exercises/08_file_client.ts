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
 * Read with it: 08_files/file_client.ts, a line and its answer;
 * 08_files/part_file.ts, how the bytes come to their name.
 * Try next: without any word after the port; without --output, which needs
 * --allow-read=. --allow-write=. too; a large file, Ctrl-C halfway, --resume;
 * --compress, which reads the same bytes out of chunks (08_files/zstd_client.ts);
 * --chunk 4096, as Python's laboratory reads: a file takes several times as long,
 * for each chunk is a system call, and a hand-over to the thread that writes.
 */
import { newSha256 } from "../protocol/files.ts";
import {
  type ClientOptions,
  Connection,
  Deadline,
  ProtocolError,
  UnexpectedEndError,
} from "../protocol/transport/mod.ts";
import { checkWords, clientOf, runAction } from "./08_files/actions.ts";
import { type Destination, WriteBehind } from "./08_files/destination.ts";
import { FileClient, type Outcome } from "./08_files/file_client.ts";
import {
  defineCommand,
  EXIT_FAILED,
  EXIT_OK,
  runMain,
  withLogin,
} from "./cli/mod.ts";
import { commands } from "./catalogue.ts";

/** The client speaks first: it connects when there is something to ask. */
export function fileClient(
  host: string,
  port: number,
  { timeoutMs = 10_000, signal, connect = Deno.connect }: ClientOptions = {},
  Client = FileClient,
): FileClient {
  return new Client(async () => {
    using deadline = new Deadline("connect", timeoutMs, signal);
    return new Connection(
      await connect({ hostname: host, port, signal: deadline.signal }),
      { idleTimeoutMs: timeoutMs, signal },
    );
  });
}

export interface FetchOptions {
  /** Compare with the server's hash, where it has one. */
  verify?: boolean;
  /** How much is read at once, in bytes. */
  chunkBytes?: number;
  /** Told how many of the file's `total` bytes are there. */
  onProgress?: (bytes: number, total: number) => void;
}

/** Fetches a file, or what is still missing of it. */
export async function fetchFile(
  client: FileClient,
  name: string,
  target: Destination,
  { verify = true, chunkBytes = 1024 * 1024, onProgress = () => {} }:
    FetchOptions = {},
): Promise<Outcome> {
  const { bytes: offset = 0, hash: begun = null } = target.beginning ?? {};
  const verified = verify && (await client.features()).has("SHA256");
  const hash = verified ? begun ?? await newSha256() : null;

  // -> GET hello.txt          <- SENDING_FILE hello.txt 19
  const announced = await client.ask(
    offset === 0 ? { kind: "get", name } : { kind: "resume", name, offset },
    "sending",
  );
  if (announced.kind === "error") return announced;
  const { size } = announced;
  if (announced.name !== name) throw new ProtocolError("It sends another file");
  if (size < offset) {
    throw new ProtocolError("It sends less than it was asked to go on from");
  }
  await target.open(size);
  onProgress(offset, size);

  // -> READY                  <- exactly so many bytes, whatever they are
  await client.say({ kind: "ready" });
  const length = size - offset;
  const behind = new WriteBehind(target, Math.min(chunkBytes, length));
  try {
    for (let left = length; left > 0;) {
      const room = behind.room().subarray(0, left);
      const count = await client.read(room);
      if (count === null) {
        const came = `${length - left} of ${length} bytes`;
        throw new UnexpectedEndError(`Input ended after ${came}`);
      }
      hash?.update(room.subarray(0, count));
      left -= count;
      onProgress(size - left, size);
      await behind.took(count);
    }
  } finally {
    await behind.end(); // What has come is kept, also when it is not all.
  }
  await client.finish();

  // -> SHA256 hello.txt       <- SHA256 <what the server has sent> hello.txt
  const sha256 = hash?.digest("hex") ?? null;
  let same: boolean | null = null;
  if (sha256 !== null) {
    const told = await client.hashOf(name, size);
    if (told.kind === "error") return told;
    same = told.hex === sha256;
  } else if (verify) {
    await client.askFeatures(); // A line again: no byte too many has come.
  }
  if (same !== false) await target.commit();
  const { compressed } = client;
  return { kind: "fetched", size, received: length, compressed, sha256, same };
}

export const main = defineCommand(commands.files, async (values, context) => {
  const { host, port, timeout, chunk } = values;
  checkWords(values);
  const session = await withLogin("files", values, context);
  const options = { ...session, timeoutMs: timeout };
  using client = fileClient(host, port, options, await clientOf(values));
  const fetching = { verify: !values["no-verify"], chunkBytes: chunk };
  const failed = await runAction(
    client,
    (name, target, onProgress) =>
      fetchFile(client, name, target, { ...fetching, onProgress }),
    values,
    context.signal,
  );
  await client.quit();
  return failed === 0 ? EXIT_OK : EXIT_FAILED;
});

if (import.meta.main) await runMain(main);
