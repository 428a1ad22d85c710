// Echo client with await: a line is sent when the one before it has come back.
import { once } from "node:events";
import net from "node:net";
import readline from "node:readline";

const [host, port] = process.argv.slice(2);
const socket = net.connect(port, host);
await once(socket, "connect");
socket.setTimeout(3000, () => {
  if (!busy) return;
  console.log("⌛ nada");
  process.exit(3);
});
let busy = false;
const ac = new AbortController();
socket.on("close", () => ac.abort());
for await (const line of readline.createInterface({ input: process.stdin })) {
  busy = true;
  const sent = Buffer.from(line + "\r\n");
  socket.write(sent);
  let got = Buffer.alloc(0);
  while (got.length < sent.length) {
    try {
      const [part] = await once(socket, "data", { signal: ac.signal });
      got = Buffer.concat([got, part]);
    } catch {
      console.log("✗ el servidor se fue");
      process.exit();
    }
  }
  busy = false;
  console.log(got.equals(sent) ? "✓" : "✗", got.toString().trim());
}
socket.end();
