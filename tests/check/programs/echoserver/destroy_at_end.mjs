// Echo server with events.
import net from "node:net";

const server = net.createServer({ allowHalfOpen: true }, (socket) => {
  socket.on("data", (data) => socket.write(data));
  socket.on("end", () => {
    console.log("client has finished");
    socket.destroy();
  });
  socket.on("error", (error) => console.log(error.code));
});
server.listen(Number(process.argv[2]), "127.0.0.1");
