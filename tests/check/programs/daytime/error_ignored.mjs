// Daytime client.
import net from "node:net";

const [host, port] = process.argv.slice(2);
const socket = net.connect({ host, port: Number(port) });
let text = "";

function fail(message) {
  console.error(message);
  process.exitCode = 1;
  socket.destroy();
}

const clock = setTimeout(() => fail("timeout"), 5000);
socket.on("data", (data) => {
  text += data.toString("latin1");
  if (text.length > 4096) fail("The answer is too long");
});
socket.on("error", () => {});
socket.on("close", () => {
  for (const line of text.split(/\r?\n/)) {
    if (line !== "") console.log(line.replace(/[^ -~]/g, "."));
  }
});
socket.on("close", () => clearTimeout(clock));
