// Client: pipes both ways, like nc.
import net from "node:net";

const socket = net.connect(Number(process.argv[3]), process.argv[2]);
let total = 0;
socket.setTimeout(5000, () => process.exit(1));
socket.on("error", (e) => {
  console.error(e.message);
  process.exit(1);
});
let last = "\n";
socket.on("data", (d) => {
  total += d.length;
  if (total > 50000) process.exit(1);
  const text = d.toString("latin1").replace(/[^\x20-\x7e\n]/g, "");
  last = text.at(-1) ?? last;
  process.stdout.write(text);
});
socket.on("end", () => {
  if (last !== "\n") console.log("\n[connection ended inside a line]");
});
process.stdin.pipe(socket);
