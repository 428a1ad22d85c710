/** One end of a TCP connection. */
export interface Endpoint {
  hostname: string;
  port: number;
}

/** `127.0.0.1:80`, `localhost:80`; IPv6 in brackets (RFC 3986): `[::1]:80`. */
export function formatEndpoint({ hostname, port }: Endpoint): string {
  return `${formatHost(hostname)}:${port}`;
}

/** A host as `--allow-net` and URLs write it: IPv6 literals in brackets. */
export function formatHost(hostname: string): string {
  return hostname.includes(":") && !hostname.startsWith("[")
    ? `[${hostname}]`
    : hostname;
}

/** `IPv6` when the literal address has a colon, else `IPv4`. */
export function addressFamily(hostname: string): "IPv4" | "IPv6" {
  return hostname.includes(":") ? "IPv6" : "IPv4";
}

/** True for an IPv4 or IPv6 literal, which needs no name resolution. */
export function isLiteralAddress(hostname: string): boolean {
  return hostname.includes(":") || /^\d+(\.\d+){3}$/.test(hostname);
}

/** Whether both ends of a connection are the same socket. */
export function isSelfConnection(local: Endpoint, remote: Endpoint): boolean {
  return local.port === remote.port && local.hostname === remote.hostname;
}

/**
 * Rejects a connection to itself. On loopback, a connection to a closed
 * ephemeral port can get that very port as its own: the port then seems to be
 * open and to echo, but nobody listens there.
 *
 * @throws {Deno.errors.ConnectionRefused} `conn` is connected to itself.
 */
export function refuseSelfConnection(
  conn: { localAddr: Endpoint; remoteAddr: Endpoint },
): void {
  if (!isSelfConnection(conn.localAddr, conn.remoteAddr)) return;
  throw new Deno.errors.ConnectionRefused("The socket connected to itself");
}
