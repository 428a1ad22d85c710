import type { Reader } from "../protocol/line_reader.ts";
import { writeAll, type Writer } from "../protocol/write_all.ts";

const MIB = 1024 * 1024;

/** A transfer has a buffer of 2 MiB; where more than 12 run, they share 24. */
const MAX_BUFFER_BYTES = 2 * MIB;
const MIN_BUFFER_BYTES = MIB / 16;
const SHARED_BYTES = 24 * MIB;

/** A file became shorter while it was sent: what was announced cannot come. */
export class FileShrankError extends Error {
  override name = "FileShrankError";
}

/** The transfers of one server, which share its memory. */
export class Transfers {
  #running = 0;

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
    this.#running++;
    let [front, back] = this.#allocate(length);
    let reading = source.read(front);
    try {
      for (let left = length; left > 0;) {
        const count = await reading;
        if (count === null) {
          throw new FileShrankError(`${left} of ${length} bytes are missing`);
        }
        const bytes = front.subarray(0, count);
        left -= count;
        [front, back] = [back, front];
        if (left > 0) reading = source.read(front.subarray(0, left));
        const writing = writeAll(target, bytes);
        onBytes(bytes);
        await writing;
      }
    } finally {
      this.#running--;
      // Until it has ended, the file is in use: the caller is to close it.
      await reading.catch(() => {});
    }
  }

  /** Two halves of one buffer; one half does for what fits in it. */
  #allocate(length: number): [front: Uint8Array, back: Uint8Array] {
    const share = Math.max(MIN_BUFFER_BYTES, SHARED_BYTES / this.#running);
    const half = Math.floor(Math.min(MAX_BUFFER_BYTES, share) / 2);
    const buffer = new Uint8Array(Math.min(2 * half, length));
    return [buffer.subarray(0, half), buffer.subarray(half)];
  }
}
