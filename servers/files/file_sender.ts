import { newSha256 } from "../../protocol/files.ts";
import {
  copyBuffer,
  type Reader,
  writeAll,
  type Writer,
} from "../../protocol/transport/mod.ts";
import type { Zstd } from "../../protocol/file_chunks.ts";
import { ChunkWriter } from "./chunk_writer.ts";
import type { FileHashes } from "./file_hashes.ts";
import type { SharedFile } from "./shared_file.ts";

/** A file shrank while it was sent: the announced bytes cannot all be sent. */
export class FileShrankError extends Error {
  override name = "FileShrankError";
}

/** What all connections together have sent. */
export interface SentCounts {
  /** Those that were sent to their end. */
  files: number;
  bytes: number;
}

/** Sends files over one connection, and remembers the hash of what it sent. */
export class FileSender {
  readonly #hashes: FileHashes;
  readonly #target: Writer;
  readonly #sent: SentCounts;
  #last: { name: string; hex: string } | null = null;
  /**
   * Whether to hash what is sent. Hashing costs more than sending, and a plain
   * client never asks for the hash.
   */
  hashing = false;

  constructor(
    hashes: FileHashes,
    target: Writer,
    sent: SentCounts = { files: 0, bytes: 0 },
  ) {
    this.#hashes = hashes;
    this.#target = target;
    this.#sent = sent;
  }

  /**
   * Sends the file from `offset` to the size that it had when it was opened, in
   * compressed chunks if there is `zstd`. Returns how many bytes that took.
   *
   * @throws {FileShrankError} The file is shorter now.
   */
  async send(
    shared: SharedFile,
    name: string,
    offset: number,
    zstd: Zstd | null = null,
  ): Promise<number> {
    this.#last = null;
    shared.position = offset;
    const whole = offset === 0;
    const recalled = whole ? this.#hashes.recall(shared) : null;
    const hash = this.hashing && whole && recalled === null
      ? await newSha256()
      : null;
    const remember = this.#hashes.watch(shared);
    const length = shared.info.size - offset;
    const chunks = zstd ? new ChunkWriter(this.#target, zstd) : null;
    const onBytes = (bytes: Uint8Array) => {
      this.#sent.bytes += bytes.length;
      hash?.update(bytes);
    };
    await sendExactly(shared, chunks ?? this.#target, length, onBytes);
    await chunks?.end();
    this.#sent.files++;
    if (hash) {
      const hex = hash.digest("hex");
      await remember(hex);
      this.#last = { name, hex };
    } else if (recalled !== null && shared.isUnchanged()) {
      this.#last = { name, hex: recalled };
    }
    return chunks?.sent ?? length;
  }

  /**
   * The hash of the last file sent, if that was all of `name`. It saves a
   * second read, and stays right even if the file has changed since.
   */
  hashOfLast(name: string): string | null {
    return this.#last?.name === name ? this.#last.hex : null;
  }
}

const MIB = 1024 * 1024;

/** A transfer gets a buffer of 2 MiB. More than 8 transfers share 16 MiB. */
const MAX_BYTES = 2 * MIB;
const MIN_BYTES = MIB / 16;
const SHARED_BYTES = 16 * MIB;

/** Transfers in progress, over all servers of this process. */
let running = 0;

/**
 * Sends exactly `length` bytes of `source`, even if the file has grown since it
 * was announced. Reads into one half of a buffer while it writes the other. A
 * peer that does not read stops the transfer, and holds only that buffer.
 *
 * @param onBytes Receives each piece while it is being written.
 * @throws {FileShrankError} `source` ended too early. The peer still waits for
 * bytes: the caller must close the connection.
 */
export async function sendExactly(
  source: Reader,
  target: Writer,
  length: number,
  onBytes: (bytes: Uint8Array) => void = () => {},
): Promise<void> {
  running++;
  const buffer = takeBuffer(length);
  const half = Math.floor(buffer.length / 2);
  let [front, back] = [buffer.subarray(0, half), buffer.subarray(half)];
  let reading = source.read(front.subarray(0, length));
  // It may fail during a write. The `await` below reports it.
  reading.catch(() => {});
  let isSent = false;
  try {
    for (let left = length; left > 0;) {
      const count = await reading;
      if (count === null) {
        throw new FileShrankError(`${left} of ${length} bytes are missing`);
      }
      const bytes = front.subarray(0, count);
      left -= count;
      [front, back] = [back, front];
      if (left > 0) {
        reading = source.read(front.subarray(0, left));
        reading.catch(() => {});
      }
      const writing = writeAll(target, bytes);
      onBytes(bytes);
      await writing;
    }
    isSent = true;
  } finally {
    running--;
    // Wait for the read to end: the caller closes the file next.
    await reading.catch(() => {});
    // An abandoned write may still use the buffer: do not reuse it.
    if (isSent && buffer.length >= MIN_BYTES) spare.unshift(buffer);
    spare.length = Math.min(spare.length, MAX_SPARE);
  }
}

/**
 * Buffers to reuse. New ones would pile up until they are garbage-collected,
 * and the server would need a quarter more memory.
 */
const spare: Uint8Array[] = [];
const MAX_SPARE = 128;

/** A short transfer gets a small one: each half holds all of it. */
function takeBuffer(length: number): Uint8Array {
  if (2 * length < MIN_BYTES) return copyBuffer(2 * length);
  const share = Math.floor(SHARED_BYTES / running);
  const size = Math.max(MIN_BYTES, Math.min(MAX_BYTES, share));
  const at = spare.findIndex((buffer) => buffer.length >= size);
  return at < 0 ? copyBuffer(size) : spare.splice(at, 1)[0]!;
}
