// Port scanner.
import net from "node:net";

const [host, first, last] = process.argv.slice(2);
const ports = [];
for (let port = Number(first); port <= Number(last); port++) ports.push(port);

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

for (const port of ports) {
  if (await probe(port)) {
    console.log(`Port ${port} of ${host} is open`);
    break;
  }
}
