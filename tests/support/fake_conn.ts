import { Connection } from "../../protocol/transport/connection.ts";
import type { Reader, Socket } from "../../protocol/transport/socket.ts";

/** A `Connection` without a network: what `input` gives is read from it. */
export interface FakeConn {
  connection: Connection;
  /** All that was written to it. */
  written: () => string;
  /** Whether FIN was sent. */
  ended: () => boolean;
  /** Whether the kernel would look after it. */
  keepAlive: () => boolean;
}

let ports = 1;

/** `write()` takes this many bytes at a time, each time in a later turn. */
export function fakeConn(input: Reader, bytesPerWrite = Infinity): FakeConn {
  let text = "";
  let ended = false;
  let keepAlive = false;
  let close = () => {};
  const closed = new Promise<never>((_, reject) => {
    close = () => reject(new Deno.errors.Interrupted("closed"));
  });
  closed.catch(() => {});
  const decoder = new TextDecoder();
  const socket: Socket = {
    localAddr: { hostname: "127.0.0.1", port: 9000 },
    remoteAddr: { hostname: "127.0.0.1", port: ports++ },
    read: (buffer) => Promise.race([input.read(buffer), closed]),
    async write(data) {
      if (bytesPerWrite < Infinity) {
        await new Promise((resolve) => setTimeout(resolve, 0));
      }
      const taken = data.subarray(0, bytesPerWrite);
      text += decoder.decode(taken, { stream: true });
      return taken.length;
    },
    closeWrite() {
      ended = true;
      return Promise.resolve();
    },
    setNoDelay() {},
    setKeepAlive: (value = true) => void (keepAlive = value),
    close: () => close(),
    [Symbol.dispose]: () => close(),
  };
  return {
    connection: new Connection(socket),
    written: () => text,
    ended: () => ended,
    keepAlive: () => keepAlive,
  };
}
