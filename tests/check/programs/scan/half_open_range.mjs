// Port scanner, one port after the other.
import net from "node:net";
const [, , host, from, to] = process.argv;

const isOpen = (port) =>
  new Promise((resolve) => {
    const socket = new net.Socket();
    socket.setTimeout(400);
    socket.once("connect", () => resolve(true));
    socket.once("timeout", () => resolve(false));
    socket.once("error", () => resolve(false));
    socket.once("close", () => resolve(false));
    socket.connect(port, host);
  }).finally(() => {});

for (let port = Number(from); port < Number(to); port++) {
  if (await isOpen(port)) console.log("abierto:", port);
}
process.exit();
