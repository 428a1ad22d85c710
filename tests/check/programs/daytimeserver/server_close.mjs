// Daytime server with events.
import net from "node:net";

const server = net.createServer((socket) => {
  socket.on("error", () => {});
  socket.on("close", () => server.close());
  socket.resume();
  socket.end(new Date().toUTCString() + "\r\n");
});
server.listen(Number(process.argv[2]), "127.0.0.1");
