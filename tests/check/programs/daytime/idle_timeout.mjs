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

socket.setTimeout(3000, () => fail("timeout"));
socket.on("data", (data) => {
  text += data.toString("latin1");
});
socket.on("end", () => {
  for (const line of text.split(/\r?\n/)) {
    if (line !== "") console.log(line.replace(/[^ -~]/g, "."));
  }
});
socket.on("error", (error) => fail(`${error.message} after "${encodeURI(text)}"`));
