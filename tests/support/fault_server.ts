import { once } from "node:events";
import { createServer, type Socket } from "node:net";

/** What one faulty server does with each connection. */
export type Fault = (socket: Socket) => void | Promise<void>;

/** A server that misbehaves on purpose, on a free loopback port. */
export interface FaultServer extends AsyncDisposable {
  port: number;
}

/** On node:net, since only there a socket can send RST when it wants to. */
export async function faultServer(fault: Fault): Promise<FaultServer> {
  const sockets = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    // The client's reactions, RST included, are part of the play.
    socket.on("error", () => {});
    void fault(socket);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as { port: number }).port,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}

/** Sends `text` one byte per write, and ends. */
export function slice(text: string): Fault {
  return async (socket) => {
    socket.setNoDelay(true);
    for (const byte of new TextEncoder().encode(text)) {
      await written(socket, Uint8Array.of(byte));
    }
    socket.end();
  };
}

/** Sends all of `text` at once, and ends. Cut it where you like. */
export function cutMidLine(text: string): Fault {
  return (socket) => void socket.end(text);
}

/** Sends `text`, and resets when the client has it in hand. */
export function resetAfter(text: string): Fault {
  return async (socket) => {
    if (text !== "") await written(socket, new TextEncoder().encode(text));
    socket.resetAndDestroy();
  };
}

/** Accepts, and says nothing, ever. */
export function silent(): Fault {
  return (socket) => void socket.resume();
}

/** Never reads: what the client sends fills the kernel's buffers. */
export function neverReads(): Fault {
  return (socket) => void socket.pause();
}

/** One line without an end, as fast as the client takes it. */
export function neverEndingLine(): Fault {
  return async (socket) => {
    const chunk = new Uint8Array(16 * 1024).fill("x".charCodeAt(0));
    while (!socket.destroyed) await written(socket, chunk);
  };
}

/** Ends its side at once (FIN), and still reads. */
export function halfClose(): Fault {
  return (socket) => {
    socket.end();
    socket.resume();
  };
}

function written(socket: Socket, bytes: Uint8Array): Promise<void> {
  return new Promise((resolve) => socket.write(bytes, () => resolve()));
}
