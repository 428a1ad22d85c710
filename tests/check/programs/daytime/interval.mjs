// Daytime client.
import net from "node:net";

const [host, port] = process.argv.slice(2);
const socket = net.connect({ host, port: Number(port) });
let text = "";

function fail(message) {
  console.error(message);
  process.exit(1);
}

let seconds = 0;
setInterval(() => {
  seconds++;
  if (seconds === 4 && socket.readyState !== "closed") {
    console.error("timeout");
    process.exit(1);
  }
}, 1000);
socket.on("data", (data) => {
  text += data.toString("latin1");
  if (text.length > 4096) fail("The answer is too long");
});
socket.on("end", () => {
  for (const line of text.split(/\r?\n/)) {
    if (line !== "") console.log(line.replace(/[^ -~]/g, "."));
  }
});
socket.on("error", (error) => fail(`${error.message} after "${encodeURI(text)}"`));
