// Echo server with events.
import net from "node:net";

const server = net.createServer({ allowHalfOpen: true }, (socket) => {
  socket.on("data", (data) => {
    const message = data.toString();
    console.log("< " + message.slice(0, 40));
    if (!socket.write(message)) {
      socket.pause();
      socket.once("drain", () => socket.resume());
    }
  });
  socket.on("end", () => socket.end());
  socket.on("error", (e) => console.error(e.code));
});
server.listen(Number(process.argv[2]), "127.0.0.1");
