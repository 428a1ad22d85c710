// Daytime server with events.
import net from "node:net";

net.createServer((socket) => {
  socket.on("error", () => {});
  socket.resume();
  socket.end(new Date().toUTCString());
}).listen(Number(process.argv[2]), "127.0.0.1");
