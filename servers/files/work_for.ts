import type { Connection } from "../../protocol/transport/connection.ts";

/** How often to check that a waiting peer is still there, in ms. */
const PROBE_INTERVAL_MS = 1000;

const NOTHING = new Uint8Array();

/**
 * Runs `work` while the peer waits for its result. The signal fires when the
 * connection closes. Nothing reads in the meantime, so a RST would go
 * unnoticed: an empty write sends nothing, but fails after a RST (not over TLS,
 * where the work is then done for nobody). A peer that has only sent FIN still
 * gets its answer.
 */
export async function workFor<T>(
  conn: Connection,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  conn.closing.throwIfAborted();
  const timer = setInterval(
    () => conn.writePart(NOTHING).catch((error) => conn.close(error)),
    PROBE_INTERVAL_MS,
  );
  try {
    return await work(conn.closing);
  } finally {
    clearInterval(timer);
  }
}
