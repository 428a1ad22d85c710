// Chat client: node:readline for the socket and for the keyboard.
import net from "node:net";
import { createInterface } from "node:readline";

const [host, port] = process.argv.slice(2);
const socket = net.connect({ host, port: Number(port) });
createInterface({ input: socket, crlfDelay: Infinity }).on("line", (line) => {
  const text = JSON.stringify(line).slice(1, -1);
  console.log("->", text);
});
const keyboard = createInterface({ input: process.stdin });
keyboard.on("line", (line) => socket.write(line + "\r\n"));
keyboard.on("close", () => socket.end());
socket.on("error", (error) => {
  console.log("problem:", error.code);
  process.exitCode = 1;
});
socket.on("close", () => process.exit());
