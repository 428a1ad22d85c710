// Daytime server; the line is made by a clock that ticks, not by each client.
import { createServer } from "node:net";

let line;
function tick() {
  const now = new Date();
  line = now.toString().slice(0, 24) + "\r\n";
}
tick();
setInterval(tick, 250);

createServer((socket) => {
  socket.on("error", () => {});
  socket.on("data", (data) => console.log("thrown away:", data.length));
  socket.end(line);
}).listen(process.env.PORT, "127.0.0.1");
