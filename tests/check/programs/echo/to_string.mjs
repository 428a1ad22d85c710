// Echo client: string in, string out.
import net from "node:net";

const socket = net.createConnection({ host: process.argv[2], port: +process.argv[3] });
let sent = "";
let received = "";
let ended = false;

process.stdin.setEncoding("utf8");
process.stdin.on("data", (text) => {
  sent += text;
  socket.write(text);
});
process.stdin.on("end", () => {
  ended = true;
  socket.end();
});
socket.on("data", (chunk) => {
  const text = chunk.toString();
  process.stdout.write(text);
  received += text;
});
socket.setTimeout(2500);
socket.on("timeout", () => {
  if (!ended && received.length >= sent.length) return;
  console.error("timeout");
  socket.destroy();
});
socket.on("error", (error) => {
  console.error(error.message);
});
socket.on("close", () => {
  process.stdin.destroy();
  if (received === sent && ended) return;
  console.error("received is not the same as sent");
  process.exitCode = 1;
});
