import { formatDaytime } from "../protocol/daytime.ts";
import type { Connection } from "../protocol/transport/connection.ts";
import { writeAll } from "../protocol/transport/copy.ts";
import type { Handler } from "./serve.ts";

/**
 * The Daytime Protocol (RFC 867): "the current date and time is sent out as
 * an ascii character string (and any data received is thrown away). The
 * service closes the connection after sending the quote."
 */
export function daytimeHandler(now: () => Date = () => new Date()): Handler {
  const encoder = new TextEncoder();
  return async (conn: Connection) => {
    await writeAll(conn, encoder.encode(formatDaytime(now())));
    await conn.closeInOrder();
  };
}
