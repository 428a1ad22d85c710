// Echo server; clients may end their half first.
import net from "node:net";

const server = net.createServer({ allowHalfOpen: true });
server.on("connection", (socket) => {
  socket.on("data", (data) => {
    if (!socket.write(data)) {
      socket.pause();
      socket.once("drain", () => socket.resume());
    }
  });
  socket.on("error", (error) => console.log(error.message));
});
server.listen(Number(process.argv[2]), "127.0.0.1");
