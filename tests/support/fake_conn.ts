import type { Reader } from "../../protocol/line_reader.ts";
import { Connection } from "../../servers/connection.ts";

/** A `Connection` without a network: what `input` gives is read from it. */
export interface FakeConn {
  connection: Connection;
  /** All that was written to it. */
  written: () => string;
  /** Whether FIN was sent. */
  ended: () => boolean;
}

let ports = 1;

export function fakeConn(input: Reader): FakeConn {
  let text = "";
  let ended = false;
  let close = () => {};
  const closed = new Promise<never>((_, reject) => {
    close = () => reject(new Deno.errors.Interrupted("closed"));
  });
  closed.catch(() => {});
  const decoder = new TextDecoder();
  const conn: Partial<Deno.TcpConn> = {
    localAddr: { transport: "tcp", hostname: "127.0.0.1", port: 9000 },
    remoteAddr: { transport: "tcp", hostname: "127.0.0.1", port: ports++ },
    read: (buffer) => Promise.race([input.read(buffer), closed]),
    write(data) {
      text += decoder.decode(data, { stream: true });
      return Promise.resolve(data.length);
    },
    closeWrite() {
      ended = true;
      return Promise.resolve();
    },
    setNoDelay() {},
    close,
  };
  return {
    connection: new Connection(conn as Deno.TcpConn),
    written: () => text,
    ended: () => ended,
  };
}
