// File client: first the header, then everything that follows.
import fs from "node:fs";
import net from "node:net";
import { basename } from "node:path";

const [host, port, name] = process.argv.slice(2);
if (basename(name) !== name) {
  console.log("only names, no paths");
  process.exit(1);
}
let text = "";
let size = null;
let body = Buffer.alloc(0);
let saved = false;
const socket = net.connect({ host, port: Number(port) });
socket.on("connect", () => socket.write("GET " + name + "\r\n"));
socket.on("data", (chunk) => {
  if (size === null) {
    text += chunk.toString("latin1");
    if (!text.includes("\n")) return;
    const line = Buffer.from(text, "latin1").toString().split("\n")[0].trim();
    console.log(line);
    const cut = line.lastIndexOf(" ");
    if (line.slice(0, cut) !== "SENDING_FILE " + name) return giveUp("not sent");
    size = Number(line.slice(cut + 1));
    socket.write("READY\r\n");
  } else {
    body = Buffer.concat([body, chunk]);
  }
  if (!saved && body.length >= size) {
    saved = true;
    fs.writeFileSync(name, body.subarray(0, size));
    socket.end("QUIT\r\n");
  }
});
function giveUp(why) {
  console.log("failed:", why);
  process.exitCode = 1;
  socket.destroy();
}
socket.on("end", () => saved || giveUp("connection closed too early"));
socket.on("error", (error) => giveUp(error.message));
