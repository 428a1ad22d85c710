// Echo server: the socket is piped into itself.
import net from "node:net";

const server = net.createServer((socket) => {
  socket.on("error", (error) => console.log(error.code));
  socket.on("close", () => {
    console.log("client has left");
    server.close();
  });
  socket.pipe(socket);
});
server.listen(Number(process.argv[2]), "127.0.0.1");
