// Port scanner: OPEN, and how many are something else.
import net from "node:net";

const host = process.argv[2];
const from = +process.argv[3];
const to = +process.argv[4];
const counts = { OPEN: 0, closed: 0, filtered: 0 };

for (let port = from; port <= to; port++) {
  const state = await new Promise((resolve) => {
    const socket = net.connect(port, host);
    const timer = setTimeout(() => resolve("filtered"), 500);
    socket.on("connect", () => resolve("OPEN"));
    socket.on("error", () => resolve("closed"));
    socket.on("close", () => clearTimeout(timer));
    setTimeout(() => socket.destroy(), 600).unref();
  });
  counts[state]++;
  if (state === "OPEN") console.log(`${port}/tcp\t${state}`);
}
console.log(counts);
process.exit();
