import { UnexpectedEndError } from "../../protocol/errors.ts";
import { copyBuffer, writeAll } from "../../protocol/transport/copy.ts";
import type { Reader, Writer } from "../../protocol/transport/socket.ts";

export interface ReceiveOptions {
  /** How much is read, and written, at once, in bytes. */
  chunkBytes: number;
  /** Sees the bytes as they arrive. */
  onBytes?: (bytes: Uint8Array) => void;
}

/**
 * Moves exactly `length` bytes. While one chunk is being written the next is
 * read, so that neither the network nor the disk waits for the other; a slow
 * `target` slows `source`.
 *
 * What has arrived is written, also when this fails.
 *
 * @throws {UnexpectedEndError} `source` ended before.
 */
export async function receive(
  source: Reader,
  target: Writer,
  length: number,
  { chunkBytes, onBytes = () => {} }: ReceiveOptions,
): Promise<void> {
  const size = Math.min(chunkBytes, length);
  let [filling, writing] = [copyBuffer(size), copyBuffer(size)];
  let filled = 0;
  const behind = new WriteBehind(target);
  try {
    for (let left = length; left > 0;) {
      const room = filling.subarray(filled, filled + left);
      const count = await source.read(room);
      if (count === null) {
        const came = `${length - left} of ${length} bytes`;
        throw new UnexpectedEndError(`Input ended after ${came}`);
      }
      onBytes(room.subarray(0, count));
      filled += count;
      left -= count;
      // Not before the last write has ended, unless there is no more room.
      if (behind.busy && filled < size) continue;
      await behind.start(filling.subarray(0, filled));
      [filling, writing] = [writing, filling];
      filled = 0;
    }
  } finally {
    await behind.start(filling.subarray(0, filled));
    await behind.end();
  }
}

/** One write at a time, which goes on while its caller does something else. */
class WriteBehind {
  readonly #target: Writer;
  #last: Promise<void> = Promise.resolve();
  #busy = false;

  constructor(target: Writer) {
    this.#target = target;
  }

  get busy(): boolean {
    return this.#busy;
  }

  /**
   * Waits for the write before, and starts that of `bytes`.
   *
   * @throws What the write before failed with.
   */
  async start(bytes: Uint8Array): Promise<void> {
    await this.#last;
    this.#last = this.#write(bytes);
    // Who starts or ends the next one hears of it.
    this.#last.catch(() => {});
  }

  /** Waits for the last write. */
  async end(): Promise<void> {
    await this.#last;
  }

  async #write(bytes: Uint8Array): Promise<void> {
    this.#busy = true;
    try {
      await writeAll(this.#target, bytes);
    } finally {
      this.#busy = false;
    }
  }
}
