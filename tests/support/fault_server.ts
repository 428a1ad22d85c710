import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import { writeAll } from "../../protocol/transport/copy.ts";
import {
  disturbed,
  type FaultSetting,
  type FaultTools,
} from "../../protocol/transport/faults/mod.ts";
import { ResettableSocket } from "../../protocol/transport/resettable_socket.ts";

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
  return through({ name: "slice", value: 1 }, text);
}

/** Sends all of `text` at once, and ends. Cut it where you like. */
export function cutMidLine(text: string): Fault {
  return (socket) => void socket.end(text);
}

/** Sends `text`, and resets when the client has it in hand. */
export function resetAfter(text: string): Fault {
  const { length } = new TextEncoder().encode(text);
  return length === 0
    ? (socket) => void socket.resetAndDestroy()
    : through({ name: "reset", value: length }, text);
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

/** Sends `text` through a fault of the proxy's, and ends. */
function through(
  fault: Pick<FaultSetting, "name" | "value">,
  text: string,
): Fault {
  return async (socket) => {
    const setting = { ...fault, second: 0, on: true };
    const way = disturbed(new ResettableSocket(socket), [setting], TOOLS);
    try {
      await writeAll(way, new TextEncoder().encode(text));
      await way.closeWrite();
    } catch {
      // The client's reactions are part of the play, as our own reset is.
    }
  };
}

/** Neither of them waits, or leaves anything to chance. */
const TOOLS: FaultTools = {
  now: () => 0,
  wait: () => Promise.resolve(),
  random: () => 0,
};

function written(socket: Socket, bytes: Uint8Array): Promise<void> {
  return new Promise((resolve) => socket.write(bytes, () => resolve()));
}
