/** Where bytes go: a `Deno.Conn`, a file, or a fake in a test. */
export interface Writer {
  /** Takes a part of `data` and says how much: possibly not all. */
  write(data: Uint8Array): Promise<number>;
}

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
