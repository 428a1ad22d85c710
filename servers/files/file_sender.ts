import { newSha256 } from "../../protocol/files.ts";
import {
  copyBuffer,
  type Reader,
  writeAll,
  type Writer,
} from "../../protocol/transport/mod.ts";
import type { FileHashes } from "./file_hashes.ts";
import type { SharedFile } from "./shared_file.ts";

/** A file became shorter while it was sent: what was announced cannot come. */
export class FileShrankError extends Error {
  override name = "FileShrankError";
}

/** Sends files over one connection, and remembers the hash of what it sent. */
export class FileSender {
  readonly #hashes: FileHashes;
  readonly #target: Writer;
  #last: { name: string; hex: string } | null = null;
  /**
   * Whether to hash what is sent: it costs more than the sending, and a plain
   * client never asks for it.
   */
  hashing = false;

  constructor(hashes: FileHashes, target: Writer) {
    this.#hashes = hashes;
    this.#target = target;
  }

  /**
   * Sends what the file had when it was opened, from `offset` on.
   *
   * @throws {FileShrankError} It has less by now.
   */
  async send(shared: SharedFile, name: string, offset: number): Promise<void> {
    this.#last = null;
    shared.position = offset;
    const whole = offset === 0;
    const recalled = whole ? this.#hashes.recall(shared) : null;
    const hash = this.hashing && whole && recalled === null
      ? await newSha256()
      : null;
    const remember = this.#hashes.watch(shared);
    await sendExactly(
      shared,
      this.#target,
      shared.info.size - offset,
      (bytes) => hash?.update(bytes),
    );
    if (hash) {
      const hex = hash.digest("hex");
      await remember(hex);
      this.#last = { name, hex };
    } else if (recalled !== null && shared.isUnchanged()) {
      this.#last = { name, hex: recalled };
    }
  }

  /**
   * The hash of what was last sent here, where that was all of `name`: a file
   * is not read twice, and one that has changed since arrived all the same.
   */
  hashOfLast(name: string): string | null {
    return this.#last?.name === name ? this.#last.hex : null;
  }
}

const MIB = 1024 * 1024;

/** One transfer has 2 MiB; where more than 8 run, they share 16. */
const MAX_BYTES = 2 * MIB;
const MIN_BYTES = MIB / 16;
const SHARED_BYTES = 16 * MIB;

/** The transfers that run now, of all servers of this process. */
let running = 0;

/**
 * Sends `length` bytes of `source` and no more: what a file has gained since it
 * was announced stays here. Reads into one half of a buffer while the other is
 * being written. A peer that does not read stops this, and that buffer is all
 * that it holds.
 *
 * @param onBytes Sees the bytes while they are on their way.
 * @throws {FileShrankError} `source` ended before. The peer still waits for
 * bytes: the caller must break the connection.
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
  // It may fail while the write before it waits: awaited below, it is told.
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
    // Until it has ended, the file is in use: the caller is to close it.
    await reading.catch(() => {});
    // A write that was given up may go on, and must not find other bytes.
    if (isSent && buffer.length >= MIN_BYTES) spare.unshift(buffer);
    spare.length = Math.min(spare.length, MAX_SPARE);
  }
}

/**
 * Buffers for the next transfers. New ones would pile up until the engine finds
 * time to collect them: the server would need a quarter more memory.
 */
const spare: Uint8Array[] = [];
const MAX_SPARE = 128;

/** For few bytes a small one: all of them in either half. */
function takeBuffer(length: number): Uint8Array {
  if (2 * length < MIN_BYTES) return copyBuffer(2 * length);
  const share = Math.floor(SHARED_BYTES / running);
  const size = Math.max(MIN_BYTES, Math.min(MAX_BYTES, share));
  const at = spare.findIndex((buffer) => buffer.length >= size);
  return at < 0 ? copyBuffer(size) : spare.splice(at, 1)[0]!;
}
