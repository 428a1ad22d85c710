// Echo client. Everything that goes wrong with the connection is reported.
import net from "node:net";
import readline from "node:readline";

console.log("Echo client. Errors are reported on this screen; Ctrl-D ends.");
const socket = net.connect(Number(process.argv[3]), process.argv[2], () => {
  console.log(`connected, local port ${socket.localPort}`);
});
const began = Date.now();
let waiting = 0;
const keyboard = readline.createInterface({ input: process.stdin });
keyboard.on("line", (line) => {
  waiting++;
  socket.write(line + "\n");
});
keyboard.on("close", () => socket.end());
readline.createInterface({ input: socket }).on("line", (line) => {
  waiting--;
  console.log(`+${Date.now() - began}ms ${line}`);
});
socket.on("end", () => {
  if (waiting > 0) console.log("connection closed, answers outstanding:", waiting);
});
socket.on("close", () => process.exit(waiting > 0 ? 1 : 0));
socket.setTimeout(6000, () => waiting > 0 && process.exit(1));
