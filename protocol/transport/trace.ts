import { visibleLineEnds } from "../text.ts";

/** One step of an exchange: who did what. */
export interface TraceEvent {
  direction: "->" | "<-";
  /** What went over the wire: bytes, or an end. */
  what: string;
}

/** Longer texts are cut when shown. */
const SHOWN_LENGTH = 72;

/**
 * `Deno.connect`, with every byte and every end told to `report`, seen from
 * the client's side.
 */
export function tracedConnect(
  report: (event: TraceEvent) => void,
): typeof Deno.connect {
  const connect = async (options: Deno.ConnectOptions) => {
    report({ direction: "->", what: `SYN to port ${options.port}` });
    let conn: Deno.TcpConn;
    try {
      conn = await Deno.connect(options);
    } catch (error) {
      const refused = error instanceof Deno.errors.ConnectionRefused;
      report({ direction: "<-", what: refused ? "RST: refused" : `${error}` });
      throw error;
    }
    report({ direction: "<-", what: "SYN-ACK: connected" });
    return traceConn(conn, report);
  };
  return connect as typeof Deno.connect;
}

function traceConn(
  conn: Deno.TcpConn,
  report: (event: TraceEvent) => void,
): Deno.TcpConn {
  let ended = false;
  let closed = false;
  const traced: Partial<Deno.TcpConn> = {
    localAddr: conn.localAddr,
    remoteAddr: conn.remoteAddr,
    async read(buffer) {
      const count = await conn.read(buffer);
      report({
        direction: "<-",
        what: count === null
          ? "FIN: nothing more will come"
          : describe(buffer.subarray(0, count)),
      });
      return count;
    },
    async write(data) {
      const count = await conn.write(data);
      report({ direction: "->", what: describe(data.subarray(0, count)) });
      return count;
    },
    setNoDelay: () => conn.setNoDelay(),
    async closeWrite() {
      ended = true;
      await conn.closeWrite();
      report({ direction: "->", what: "FIN: half-close" });
    },
    close() {
      conn.close();
      closed = true;
      if (!ended) report({ direction: "->", what: "FIN: closed" });
    },
    [Symbol.dispose]() {
      // As Deno's own: what is closed already is left alone.
      if (!closed) this.close!();
    },
  };
  return traced as Deno.TcpConn;
}

/** `"hello\r\n" (7 bytes)` */
function describe(bytes: Uint8Array): string {
  const text = visibleLineEnds(new TextDecoder().decode(bytes));
  const shown = text.length > SHOWN_LENGTH
    ? `${text.slice(0, SHOWN_LENGTH)}...`
    : text;
  return `"${shown}" (${bytes.length} bytes)`;
}
