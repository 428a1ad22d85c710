// Echo client: every "data" event is the echo of the next line.
import net from "node:net";
import readline from "node:readline";

const socket = net.connect(Number(process.argv[3]), process.argv[2]);
socket.setEncoding("utf8");
const sent = [];
let errors = 0;

const keyboard = readline.createInterface({ input: process.stdin });
keyboard.on("line", (line) => {
  sent.push(line);
  socket.write(line + "\n");
});
keyboard.on("close", () => socket.end());

socket.on("data", (answer) => {
  console.log("echo:", answer.trimEnd());
  if (answer.trimEnd() !== sent.shift()) {
    errors++;
    console.log("error: this is another line");
  }
});
socket.setTimeout(3000, () => {
  if (sent.length > 0) {
    console.log("error: no answer");
    process.exitCode = 1;
    socket.destroy();
    process.stdin.destroy();
  }
});
socket.on("end", () => {
  if (sent.length > 0) errors++;
  if (errors > 0) process.exitCode = 1;
  process.stdin.destroy();
});
socket.on("error", (error) => {
  console.log("error:", error.message);
  process.exitCode = 1;
  process.stdin.destroy();
});
