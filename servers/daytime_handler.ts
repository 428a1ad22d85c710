import { formatDaytime } from "../protocol/daytime.ts";
import type { Connection } from "../protocol/transport/mod.ts";
import type { Handler } from "./clients.ts";

/**
 * The Daytime Protocol (RFC 867): "the current date and time is sent out as
 * an ascii character string (and any data received is thrown away). The
 * service closes the connection after sending the quote."
 */
export function daytimeHandler(now: () => Date = () => new Date()): Handler {
  const encoder = new TextEncoder();
  return async (conn: Connection) => {
    await conn.write(encoder.encode(formatDaytime(now())));
    await conn.closeInOrder();
  };
}
