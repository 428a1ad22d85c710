import {
  copyBuffer,
  writeAll,
  type Writer,
} from "../../protocol/transport/mod.ts";

/**
 * Two buffers: while one is being written the other is filled, so that neither
 * the network nor the disk waits for the other; a slow `target` slows whoever
 * fills them.
 */
export class WriteBehind {
  readonly #target: Writer;
  readonly #size: number;
  #filling: Uint8Array;
  #spare: Uint8Array;
  #filled = 0;
  #last: Promise<void> = Promise.resolve();
  #busy = false;

  /** `size` is how much is written at once, at most, in bytes. */
  constructor(target: Writer, size: number) {
    this.#target = target;
    this.#size = size;
    this.#filling = copyBuffer(size);
    this.#spare = copyBuffer(size);
  }

  /** Where the next bytes go. */
  room(): Uint8Array {
    return this.#filling.subarray(this.#filled);
  }

  /**
   * `count` bytes have come into `room()`. They go out when the write before
   * has ended, with all that has come until then.
   *
   * @throws What the write before failed with.
   */
  async took(count: number): Promise<void> {
    this.#filled += count;
    if (!this.#busy || this.#filled === this.#size) await this.#start();
  }

  /** Writes what has come, and waits for it. */
  async end(): Promise<void> {
    await this.#start();
    await this.#last;
  }

  async #start(): Promise<void> {
    await this.#last;
    const bytes = this.#filling.subarray(0, this.#filled);
    this.#busy = true;
    this.#last = writeAll(this.#target, bytes)
      .finally(() => this.#busy = false);
    // Who starts or ends the next one hears of it.
    this.#last.catch(() => {});
    [this.#filling, this.#spare] = [this.#spare, this.#filling];
    this.#filled = 0;
  }
}
