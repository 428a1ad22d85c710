import type { Reader } from "./line_reader.ts";
import { writeAll, type Writer } from "./write_all.ts";

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
