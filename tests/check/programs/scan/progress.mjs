// Port scanner: shows where it is on stderr, and an object with what it found.
import net from "node:net";

const [host, first, last] = [process.argv[2], +process.argv[3], +process.argv[4]];
const result = { host, range: [first, last], open: [] };

function attempt(port) {
  return new Promise((resolve) => {
    const socket = net.connect({ host, port });
    const done = (open) => {
      socket.destroy();
      resolve(open);
    };
    socket.setTimeout(700, () => done(false));
    socket.on("connect", () => done(true));
    socket.on("error", () => done(false));
  });
}

let next = first;
async function lane() {
  while (next <= last) {
    const port = next++;
    if (port % 10 === 0) process.stderr.write(`\rchecking ${port}...`);
    if (await attempt(port)) result.open.push(port);
  }
}
await Promise.all(Array.from({ length: 64 }, lane));
console.log(JSON.stringify(result));
