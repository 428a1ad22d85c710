// Welcome server with events.
import net from "node:net";

const server = net.createServer((socket) => {
  socket.on("error", () => {});
  socket.resume();
  socket.end(welcome);
});
const welcome = `Welcome to tcplab, it is ${new Date().toISOString()}\r\n`;
server.listen(Number(process.argv[2]), "127.0.0.1");
