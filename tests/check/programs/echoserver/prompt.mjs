// Echo server for telnet.
import net from "node:net";

const server = net.createServer((socket) => {
  socket.on("error", () => {});
  socket.write("> ");
  socket.pipe(socket);
});
server.listen(Number(process.argv[2]), "127.0.0.1");
