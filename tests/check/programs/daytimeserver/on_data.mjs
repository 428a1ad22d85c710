// Daytime server with events.
import net from "node:net";

const server = net.createServer({ allowHalfOpen: true }, (socket) => {
  socket.once("data", () => socket.end(new Date().toUTCString() + "\r\n"));
  socket.on("end", () => socket.end());
  socket.on("error", () => {});
  socket.resume();
});
server.listen(Number(process.argv[2]), "127.0.0.1");
