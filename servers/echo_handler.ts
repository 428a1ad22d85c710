import type { Connection } from "../protocol/transport/mod.ts";

/** Ten thousand idle clients hold 10 MB of buffers; a stream gets 64 KiB. */
const SMALL_BUFFER_BYTES = 1024;
const LARGE_BUFFER_BYTES = 64 * 1024;

/**
 * The Echo Protocol (RFC 862): "any data received is sent back to the
 * originating source" until the peer ends its side; by then everything has
 * been sent back.
 *
 * Read, write, read again: a peer that does not read its echo stops this loop,
 * and through TCP's own window itself. Nothing piles up here.
 */
export async function handleEcho(conn: Connection): Promise<void> {
  let buffer = new Uint8Array(SMALL_BUFFER_BYTES);
  for (;;) {
    const count = await conn.read(buffer);
    if (count === null) return;
    await conn.write(buffer.subarray(0, count));
    if (count === buffer.length && count < LARGE_BUFFER_BYTES) {
      buffer = new Uint8Array(LARGE_BUFFER_BYTES);
    } else if (count < SMALL_BUFFER_BYTES && buffer.length > count * 64) {
      buffer = new Uint8Array(SMALL_BUFFER_BYTES);
    }
  }
}
