import type { Connection } from "../protocol/transport/mod.ts";

/** A small buffer each: 10 MB for ten thousand idle clients. */
const SMALL_BUFFER_BYTES = 1024;
const LARGE_BUFFER_BYTES = 64 * 1024;

/**
 * The Echo Protocol (RFC 862): "any data received is sent back to the
 * originating source" until the peer sends FIN. By then, all has been sent
 * back.
 *
 * Each read waits for the write before it. A peer that does not read its echo
 * stops this loop, and TCP's window then stops the peer. Nothing piles up.
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
