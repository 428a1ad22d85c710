/** A port of 127.0.0.1 that nothing listens on: it was free a moment ago. */
export function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

/** Whether this machine has an IPv6 loopback. */
export const HAS_IPV6: boolean = canListen("::1");

/**
 * A loopback address where nobody comes by: the tests that scan all ports of
 * 127.0.0.1 run at the same time as others. macOS has that one only.
 */
export const QUIET_HOST = canListen("127.0.0.7") ? "127.0.0.7" : "127.0.0.1";

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
export async function filteredPort(): Promise<{ port: number } & Disposable> {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  const queued: Deno.Conn[] = [];
  for (let full = false; !full;) {
    // Many at a time: a backlog holds hundreds or thousands.
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), 300);
    const options = { hostname: "127.0.0.1", port, signal: stop.signal };
    const connects = Array.from(
      { length: 128 },
      () =>
        Deno.connect(options).then((conn) => {
          queued.push(conn);
          return true;
        }, () => false),
    );
    full = (await Promise.all(connects)).includes(false);
    clearTimeout(timer);
  }
  return {
    port,
    [Symbol.dispose]() {
      listener.close();
      for (const conn of queued) conn.close();
    },
  };
}
