// Welcome server with events.
import net from "node:net";

const server = net.createServer((socket) => {
  socket.end(`Welcome, it is ${new Date().toISOString()}\r\n`);
  socket.resume();
  socket.on("close", () => console.log("client has left"));
});
server.on("error", (error) => console.log(error.message));
server.listen(Number(process.argv[2]), "127.0.0.1");
