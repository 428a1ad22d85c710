// Client: readline does the work.
import net from "node:net";
import readline from "node:readline";

const socket = net.connect({ host: process.argv[2], port: Number(process.argv[3]) });
let bytes = 0;

function stop(why) {
  console.error(why);
  process.exit(1);
}

socket.setTimeout(2500, () => stop("timeout"));
socket.on("data", (data) => {
  bytes += data.length;
  if (bytes > 100000) stop("Too much data");
});
socket.on("error", (error) => stop("Error: " + error.message));
readline.createInterface({ input: socket }).on("line", (line) => {
  console.log(line.replace(/\p{Cc}/gu, ""));
});
