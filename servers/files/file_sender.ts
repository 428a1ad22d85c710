import {
  copyBuffer,
  type Reader,
  writeAll,
  type Writer,
} from "../../protocol/transport/mod.ts";
import { type FileHashes, newSha256 } from "./file_hashes.ts";
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

/** One transfer has two halves of a MiB; where more than 16 run, they share. */
const MAX_HALF_BYTES = MIB / 2;
const MIN_HALF_BYTES = MIB / 32;
const SHARED_BYTES = 16 * MIB;

/** The transfers that run now, of all servers of this process. */
let running = 0;

/**
 * Sends `length` bytes of `source` and no more: what a file has gained since it
 * was announced stays here. Reads into one buffer while the other is being
 * written. A peer that does not read stops this, and these two are all that it
 * holds.
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
  const size = Math.min(length, halfBytes());
  let [front, back] = [copyBuffer(size), copyBuffer(size)];
  let reading = source.read(front.subarray(0, length));
  // It may fail while the write before it waits: awaited below, it is told.
  reading.catch(() => {});
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
  } finally {
    running--;
    // Until it has ended, the file is in use: the caller is to close it.
    await reading.catch(() => {});
  }
}

function halfBytes(): number {
  const share = Math.floor(SHARED_BYTES / running / 2);
  return Math.max(MIN_HALF_BYTES, Math.min(MAX_HALF_BYTES, share));
}
