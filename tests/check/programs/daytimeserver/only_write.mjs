// Daytime server with events.
import net from "node:net";

const server = net.createServer((socket) => {
  socket.on("error", (error) => console.log(error.message));
  socket.write(`${new Date().toUTCString()}\r\n`);
  socket.resume();
});
server.listen(Number(process.argv[2]), "127.0.0.1");
