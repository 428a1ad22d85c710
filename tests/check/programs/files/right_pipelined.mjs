// File client: READY and QUIT are sent together.
import fs from "node:fs";
import net from "node:net";

const [host, port, name] = process.argv.slice(2);
if (/[\/\\]|^\.|\0/.test(name)) {
  console.error("Not a file name: " + name);
  process.exit(1);
}
let buffer = Buffer.alloc(0);
let size = -1;
let done = false;

const socket = net.connect({ host, port: Number(port) }, () => {
  socket.write(`GET ${name}\r\n`);
});

function fail(message) {
  console.error(message);
  process.exitCode = 1;
  socket.destroy();
}

socket.on("data", (data) => {
  buffer = Buffer.concat([buffer, data]);
  if (size < 0) {
    const end = buffer.indexOf("\n");
    if (end < 0) return;
    const line = buffer.subarray(0, end).toString().trimEnd();
    buffer = buffer.subarray(end + 1);
    const match = /^SENDING_FILE (.+) (\d+)$/.exec(line);
    if (!match) return fail(line);
    if (match[1] !== name) return fail("Wrong name: " + JSON.stringify(match[1]));
    size = Number(match[2]);
    socket.write("READY\r\nQUIT\r\n");
  }
  if (!done && buffer.length >= size) {
    done = true;
    fs.writeFileSync(name, buffer.subarray(0, size));
    console.log(`${name}, ${size} bytes`);
    socket.resume().end();
  }
});
socket.on("end", () => {
  if (!done) fail(`Connection ended after ${buffer.length} of ${size} bytes`);
});
socket.on("error", (error) => fail(error.message));
