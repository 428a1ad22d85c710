// Chat client: writes the keyboard's lines to the socket.
import net from "node:net";
import readline from "node:readline";

const socket = net.createConnection(+process.argv[3], process.argv[2]);
const keyboard = readline.createInterface({ input: process.stdin });
keyboard.on("line", (line) => socket.write(line));
keyboard.on("close", () => socket.end());
let rest = Buffer.alloc(0);
socket.on("data", (data) => {
  rest = Buffer.concat([rest, data]);
  for (let at; (at = rest.indexOf(10)) >= 0; rest = rest.subarray(at + 1)) {
    process.stdout.write(rest.subarray(0, at).toString() + "\n");
  }
});
socket.on("close", () => process.exit(0));
