// Echo client: shows what comes back.
import net from "node:net";

const socket = net.connect(Number(process.argv[3]), process.argv[2], () => {
  console.error("connected");
});
let missing = 0;
process.stdin.on("data", (data) => {
  missing += data.length;
  socket.write(data);
});
process.stdin.on("end", () => socket.end());
socket.on("data", (data) => {
  missing -= data.length;
  process.stdout.write(data);
});
socket.setTimeout(3000, () => {
  if (missing > 0) {
    console.error("The server takes too long");
    socket.destroy();
  }
});
socket.on("error", (error) => {
  console.error("Error:", error.message);
});
socket.on("close", () => {
  process.stdin.destroy();
  if (missing > 0) {
    console.error(`Error: ${missing} bytes are missing`);
    process.exitCode = 1;
  } else {
    console.error("Same answer");
  }
});
