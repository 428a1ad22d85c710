// Welcome server with events.
import net from "node:net";

const server = net.createServer();
server.on("connection", (socket) => {
  socket.on("error", () => {});
  socket.on("data", () => {});
  socket.write(`Welcome, it is ${new Date().toISOString()}\r\n`);
});
server.listen(Number(process.argv[2]), "127.0.0.1");
