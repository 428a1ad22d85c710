// Client: connects, shows the lines of the server, ends with it.
import net from "node:net";

const [host, port] = process.argv.slice(2);
const socket = net.connect(Number(port), host);
let rest = Buffer.alloc(0);
let count = 0;

function fail(message) {
  console.error("Error:", message);
  process.exitCode = 1;
  socket.destroy();
}

socket.setTimeout(3000, () => fail("the server says nothing"));
socket.on("data", (data) => {
  rest = Buffer.concat([rest, data]);
  let end;
  while ((end = rest.indexOf("\n")) >= 0) {
    const line = rest.subarray(0, end).toString().trimEnd();
    rest = rest.subarray(end + 1);
    if (++count > 1000) return fail("too many lines");
    console.log(line);
  }
  if (rest.length > 8192) fail("the line is too long");
});
socket.on("end", () => {
  if (rest.length > 0) fail("the last line is incomplete");
});
socket.on("error", (error) => fail(error.message));
