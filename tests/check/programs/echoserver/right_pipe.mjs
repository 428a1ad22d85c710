// Echo server: the socket is piped into itself.
import net from "node:net";

const server = net.createServer((socket) => {
  socket.on("error", (error) => console.log("client lost:", error.code));
  socket.pipe(socket);
});

server.listen(Number(process.argv[2]), "127.0.0.1", () => {
  console.log("ready");
});
