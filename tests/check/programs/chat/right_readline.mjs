// Chat client: readline for the keyboard, readline for the socket.
import net from "node:net";
import readline from "node:readline";

const socket = net.connect({ host: process.argv[2], port: Number(process.argv[3]) });
const keyboard = readline.createInterface({ input: process.stdin });
const server = readline.createInterface({ input: socket });

server.on("line", (line) => {
  console.log(line.replace(/[\x00-\x08\x0b-\x1f\x7f-\x9f]/g, "\u2423"));
});
keyboard.on("line", (line) => {
  socket.write(line + "\n");
  if (line === "/quit") {
    socket.end();
    setTimeout(() => socket.destroy(), 2000).unref();
  }
});
keyboard.on("close", () => socket.end());
socket.on("error", (error) => console.log(error.message));
socket.on("close", () => {
  console.log("Bye");
  process.stdin.destroy();
});
