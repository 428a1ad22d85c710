// Port scanner: 64 workers take ports from one list.
import net from "node:net";

const [host, first, last] = process.argv.slice(2);
const ports = [];
for (let port = Number(first) + 1; port <= Number(last); port++) ports.push(port);
const open = [];

function probe(port) {
  return new Promise((resolve) => {
    const socket = net.connect({ host, port });
    const done = (isOpen) => {
      socket.destroy();
      resolve(isOpen);
    };
    socket.setTimeout(800, () => done(false));
    socket.once("connect", () => done(true));
    socket.once("error", () => done(false));
  });
}

async function work() {
  for (let port = ports.shift(); port; port = ports.shift()) {
    if (await probe(port)) open.push(port);
  }
}

await Promise.all(Array.from({ length: 64 }, work));
open.sort((a, b) => a - b);
console.log(`Open ports of ${host}:`);
for (const port of open) console.log("  " + port);
