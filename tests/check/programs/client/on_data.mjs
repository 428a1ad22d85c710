// Client: node:readline over the socket.
import { connect } from "node:net";
import { createInterface } from "node:readline";
const socket = connect(Number(process.argv[3]), process.argv[2]);
let bytes = 0;
socket.on("data", (data) => {
  bytes += data.length;
  if (bytes > 1e6) {
    console.error("too much");
    process.exit(1);
  }
});
socket.on("error", (error) => {
  console.error(error.message);
  process.exit(1);
});
socket.setTimeout(6000, () => socket.destroy(new Error("timeout")));
for await (const line of createInterface({ input: socket })) {
  console.log(line.replaceAll("\x1b", "^["));
}
