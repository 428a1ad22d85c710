// Echo client: reads all of its input, then sends it and prints the answer.
import net from "node:net";

const chunks = [];
const [host, port] = process.argv.slice(2);
const socket = net.connect(port, host);
const answer = [];
socket.on("data", (data) => answer.push(data));
socket.on("error", (error) => {
  console.error(String(error));
  process.exit(1);
});
socket.on("end", () => {
  const before = Buffer.concat(chunks), after = Buffer.concat(answer);
  process.stdout.write(after, () => {
    const ok = before.equals(after);
    console.error(ok ? "identical" : "NOT identical");
    process.exit(ok ? 0 : 1);
  });
});
for await (const chunk of process.stdin) chunks.push(chunk);
socket.end(Buffer.concat(chunks));
socket.setTimeout(5000, () => {
  console.error("the server is silent");
  process.exit(1);
});
