import type { Reader, Writer } from "./socket.ts";

/**
 * Writes all of `data`. One `write()` takes only what the kernel has room for
 * (one write of 10 MB took 3.9 MB), so the rest needs more calls. Use one
 * writer per connection: two would interleave their data.
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
 * Copies until the end of `source` and returns the number of bytes. Writes all
 * of one read before the next, so a slow `target` slows the source down.
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

/** Half a memory page on most systems. */
const HALF_PAGE_BYTES = 2048;

/**
 * A new buffer for data that the system copies to or from a file or socket. A
 * plain array starts on a page boundary, and so do the kernel's pages. Some
 * processors copy four times slower between equal page offsets (AMD Zen 3 and 4
 * with `rep movsb`; glibc bug 30994). This buffer starts mid-page.
 */
export function copyBuffer(bytes: number): Uint8Array<ArrayBuffer> {
  const offset = bytes > HALF_PAGE_BYTES ? HALF_PAGE_BYTES : 0;
  return new Uint8Array(offset + bytes).subarray(offset);
}
