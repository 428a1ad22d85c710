// Echo server: the socket is piped into itself.
import net from "node:net";

const server = net.createServer((socket) => {
  console.log("hello", socket.remotePort);
  socket.pipe(socket);
});
server.listen(Number(process.argv[2]), "127.0.0.1");
