import { isSelfConnection } from "../protocol/address.ts";

/**
 * On loopback, a connect to a closed port of the range that outgoing
 * connections use can get that very port, and meet itself: it would look open,
 * and echo. Nobody listens there.
 *
 * @throws {Deno.errors.ConnectionRefused} `conn` is such a connection.
 */
export function refuseSelfConnection(conn: Deno.TcpConn): void {
  if (!isSelfConnection(conn.localAddr, conn.remoteAddr)) return;
  throw new Deno.errors.ConnectionRefused("The connection met itself");
}
