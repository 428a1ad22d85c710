// Daytime server with events.
import net from "node:net";

const server = net.createServer((socket) => {
  socket.on("error", (error) => console.log(error.code));
  socket.setTimeout(10000, () => socket.destroy());
  socket.resume();
  socket.end(new Date().toUTCString() + "\r\n");
});
server.listen(Number(process.argv[2]), "127.0.0.1", () => console.log("daytime server ready"));
