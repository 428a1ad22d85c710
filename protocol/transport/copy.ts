import type { Reader, Writer } from "./socket.ts";

/**
 * Writes all of `data`. `write()` takes what the kernel has room for (one
 * write of 10 MB took 3.9 MB), so the rest must be offered again. One writer
 * per connection: two of them would interleave their parts.
 */
export async function writeAll(
  writer: Writer,
  data: Uint8Array,
): Promise<void> {
  let written = 0;
  while (written < data.length) {
    written += await writer.write(data.subarray(written));
  }
}

const COPY_BUFFER_BYTES = 64 * 1024;

/**
 * Copies until the end of `source` and says how many bytes. Writes all of one
 * read before the next, so a slow `target` slows the source: nothing piles up.
 */
export async function copy(source: Reader, target: Writer): Promise<number> {
  const buffer = new Uint8Array(COPY_BUFFER_BYTES);
  let copied = 0;
  for (;;) {
    const count = await source.read(buffer);
    if (count === null) return copied;
    await writeAll(target, buffer.subarray(0, count));
    copied += count;
  }
}

/** Half a page of memory, as most systems count. */
const HALF_PAGE_BYTES = 2048;

/**
 * A new buffer for bytes that the system copies in or out: of a file, of a
 * socket. A plain array begins where a page begins, and so do the pages of the
 * system; between two that begin alike some processors copy four times slower
 * (AMD's Zen 3 and 4 with `rep movsb`; glibc bug 30994). This one begins in the
 * middle of a page.
 */
export function copyBuffer(bytes: number): Uint8Array<ArrayBuffer> {
  const offset = bytes > HALF_PAGE_BYTES ? HALF_PAGE_BYTES : 0;
  return new Uint8Array(offset + bytes).subarray(offset);
}
