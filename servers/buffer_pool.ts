import { copyBuffer } from "../protocol/copy_buffer.ts";

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
