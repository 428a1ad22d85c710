import { copyBuffer, writeAll } from "../../protocol/transport/copy.ts";
import type { Reader, Writer } from "../../protocol/transport/socket.ts";

/** A file became shorter while it was sent: what was announced cannot come. */
export class FileShrankError extends Error {
  override name = "FileShrankError";
}

/** Less than this is read in one piece. */
const ONE_PIECE_BYTES = 64 * 1024;

/** The transfers of one server, which share its memory. */
export class Transfers {
  readonly #buffers = new BufferPool();

  /**
   * Sends `length` bytes of `source` and no more: what a file has gained since
   * it was announced stays here. Reads into one half of a buffer while the
   * other is being written. A peer that does not read stops this, and that
   * buffer is all that it holds.
   *
   * @param onBytes Sees the bytes while they are on their way.
   * @throws {FileShrankError} `source` ended before. The peer still waits for
   * bytes: the caller must break the connection.
   */
  async send(
    source: Reader,
    target: Writer,
    length: number,
    onBytes: (bytes: Uint8Array) => void = () => {},
  ): Promise<void> {
    const buffer = this.#buffers.lend(length);
    const half = length <= ONE_PIECE_BYTES
      ? buffer.length
      : Math.floor(buffer.length / 2);
    let [front, back] = [buffer.subarray(0, half), buffer.subarray(half)];
    let reading = source.read(front.subarray(0, length));
    // It may fail while the write before it waits: awaited below, it is told.
    reading.catch(() => {});
    let complete = false;
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
      complete = true;
    } finally {
      // Until it has ended, the file is in use: the caller is to close it.
      await reading.catch(() => {});
      // A write that was given up may go on, and must not find other bytes.
      this.#buffers.takeBack(complete ? buffer : null);
    }
  }
}

const MIB = 1024 * 1024;

/** One transfer has 2 MiB; where more than 8 run at once, they share 16. */
const MAX_BYTES = 2 * MIB;
const MIN_BYTES = MIB / 16;
const SHARED_BYTES = 16 * MIB;

/** What a hundred transfers had, kept for the next hundred. */
const KEPT_BYTES = 64 * MIB;

/**
 * Buffers that are used again. New ones for each transfer would pile up: they
 * are collected when the engine finds time, and are no part of its own heap.
 */
export class BufferPool {
  /** In ascending order of size. */
  readonly #free: Uint8Array[] = [];
  #freeBytes = 0;
  #lent = 0;

  /** A buffer for `length` bytes to pass through: for few, a small one. */
  lend(length: number): Uint8Array {
    this.#lent++;
    if (length <= MIN_BYTES) return copyBuffer(length);
    const share = Math.floor(SHARED_BYTES / this.#lent);
    const size = Math.min(MAX_BYTES, Math.max(MIN_BYTES, share));
    const largest = this.#free.at(-1);
    if (largest === undefined || largest.length < size) {
      return copyBuffer(size);
    }
    this.#freeBytes -= largest.length;
    return this.#free.pop()!;
  }

  /** One that was lent: null when somebody may still have it. */
  takeBack(buffer: Uint8Array | null): void {
    this.#lent--;
    if (buffer === null || buffer.length < MIN_BYTES) return;
    const at = this.#free.findIndex(({ length }) => length >= buffer.length);
    this.#free.splice(at < 0 ? this.#free.length : at, 0, buffer);
    this.#freeBytes += buffer.length;
    while (this.#freeBytes > KEPT_BYTES) {
      this.#freeBytes -= this.#free.shift()!.length;
    }
  }
}
