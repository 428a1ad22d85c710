// Echo server that cleans up Windows line ends.
import net from "node:net";

const server = net.createServer({ allowHalfOpen: true }, (socket) => {
  socket.on("data", (data) => {
    const clean = data.filter((byte) => byte !== 13);
    if (!socket.write(clean)) {
      socket.pause();
      socket.once("drain", () => socket.resume());
    }
  });
  socket.on("end", () => socket.end());
  socket.on("error", () => {});
});
server.listen(Number(process.argv[2]), "127.0.0.1");
