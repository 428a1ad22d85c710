/** A port, for as long as it is held. */
export interface HeldPort extends Disposable {
  port: number;
}

/**
 * A port of 127.0.0.1 that nothing listens on. It is our end of a connection,
 * so that the system gives it to nobody meanwhile: one that was free a moment
 * ago may be another test's by now.
 */
export async function closedPort(): Promise<HeldPort> {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const conn = await connectTo(listener.addr.port);
  const accepted = await listener.accept();
  return {
    port: conn.localAddr.port,
    [Symbol.dispose]() {
      conn.close();
      accepted.close();
    },
  };
}

/** Whether this machine has an IPv6 loopback. */
export const HAS_IPV6: boolean = canListen("::1");

/**
 * A loopback address where nobody comes by: what scans or tries the ports of
 * 127.0.0.1 runs at the same time as others. macOS has that one only.
 */
export const QUIET_HOST = canListen("127.0.0.7") ? "127.0.0.7" : "127.0.0.1";

/**
 * One that nobody else uses, where there are more than one: for a test that
 * scans thousands of ports, or wants one that it has let go of to stay free.
 */
export function ownHost(): string {
  if (QUIET_HOST === "127.0.0.1") return QUIET_HOST;
  const [a, b] = crypto.getRandomValues(new Uint8Array(2));
  return `127.${a}.${b}.1`;
}

function canListen(hostname: string): boolean {
  try {
    Deno.listen({ hostname, port: 0 }).close();
    return true;
  } catch {
    return false;
  }
}

/** Connects to loopback; the caller closes. */
export function connectTo(
  port: number,
  hostname = "127.0.0.1",
): Promise<Deno.TcpConn> {
  return Deno.connect({ hostname, port });
}

/** Everything until the peer's FIN, as text. */
export async function readToEnd(conn: Deno.Conn): Promise<string> {
  const decoder = new TextDecoder();
  const buffer = new Uint8Array(64 * 1024);
  let text = "";
  for (;;) {
    const count = await conn.read(buffer);
    if (count === null) return text + decoder.decode();
    text += decoder.decode(buffer.subarray(0, count), { stream: true });
  }
}

/**
 * A port that answers nothing, without a firewall: a listener that never
 * accepts, its backlog full, so that the next SYN is dropped. Linux only.
 */
export async function filteredPort(): Promise<HeldPort> {
  const address = { hostname: "127.0.0.1", port: 0 };
  // Linux takes one more than the backlog.
  const listener = Deno.listen({ ...address, tcpBacklog: 0 });
  const { port } = listener.addr;
  const queued = await connectTo(port);
  return {
    port,
    [Symbol.dispose]() {
      listener.close();
      queued.close();
    },
  };
}
