// Echo server: the socket is piped into itself; errors are only told.
import net from "node:net";

process.on("uncaughtException", (error) => {
  console.error("something went wrong:", error.code ?? error);
});

const server = net.createServer((socket) => {
  socket.pipe(socket);
});
server.listen(Number(process.argv[2]), "127.0.0.1");
