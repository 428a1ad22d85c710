import type { Reader } from "../protocol/line_reader.ts";
import { writeAll, type Writer } from "../protocol/write_all.ts";
import { BufferPool } from "./buffer_pool.ts";

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
