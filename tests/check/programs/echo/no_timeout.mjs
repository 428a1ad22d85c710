// Echo client: events of stdin and of the socket.
import net from "node:net";

const [host, port] = process.argv.slice(2);
const socket = net.connect({ host, port: Number(port), allowHalfOpen: true });
let waiting = Buffer.alloc(0);
let typing = true;

function fail(message) {
  console.error(message);
  process.exitCode = 1;
  socket.destroy();
  process.stdin.destroy();
}

process.stdin.on("data", (data) => {
  waiting = Buffer.concat([waiting, data]);
  if (!socket.write(data)) process.stdin.pause();
});
socket.on("drain", () => process.stdin.resume());
process.stdin.on("end", () => {
  typing = false;
  socket.end();
});
socket.on("data", (data) => {
  process.stdout.write(data);
  if (!data.equals(waiting.subarray(0, data.length))) {
    fail("\nThe answer differs from what was sent");
  }
  waiting = waiting.subarray(data.length);
});
socket.on("end", () => {
  if (waiting.length > 0) fail(`Closed with ${waiting.length} bytes missing`);
  if (typing) fail("Closed by the server");
});
socket.on("close", () => process.stdin.destroy());
socket.on("error", (error) => fail(`Error: ${error.message}`));
