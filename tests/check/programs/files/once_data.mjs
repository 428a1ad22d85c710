// File client with promises.
import { once } from "node:events";
import fs from "node:fs";
import net from "node:net";

const [host, port, name] = process.argv.slice(2);
if (name.includes("/") || name.startsWith(".")) throw new Error("bad name");
const socket = net.connect(port, host);
await once(socket, "connect");
socket.write(`GET ${name}\r\n`);
const [first] = await Promise.race([once(socket, "data"), once(socket, "end")]);
const end = first.indexOf("\n");
const header = first.subarray(0, end).toString().trim();
const match = /^SENDING_FILE (.*) (\d+)$/.exec(header);
if (match?.[1] !== name) {
  console.error("Refused:", header);
  process.exit(1);
}
const size = Number(match[2]);
let body = first.subarray(end + 1);
socket.on("data", (data) => {
  body = Buffer.concat([body, data]);
  if (body.length >= size) finish();
});
socket.on("end", () => {
  if (body.length >= size) return;
  console.error("Incomplete file");
  process.exit(1);
});
socket.on("error", (error) => {
  console.error(error.message);
  process.exit(1);
});
socket.write("READY\r\n");
if (body.length >= size) finish();

function finish() {
  socket.removeAllListeners("data").resume();
  fs.writeFileSync(name, body.subarray(0, size));
  console.log("OK", size);
  socket.end("QUIT\r\n");
}
