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
