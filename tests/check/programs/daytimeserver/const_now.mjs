// Daytime server with events.
import net from "node:net";

const port = Number(process.argv[2]);
const now = new Date();

const server = net.createServer((socket) => {
  socket.on("error", () => {});
  socket.resume();
  socket.end(now.toUTCString() + "\r\n");
});
server.listen(port, "127.0.0.1", () => console.log(`started ${now}`));
