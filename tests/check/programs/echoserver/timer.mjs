// Echo server with a little delay, like a server that is far away.
import net from "node:net";

const DELAY = 30;

const server = net.createServer((socket) => {
  socket.on("data", (data) => {
    setTimeout(() => {
      if (socket.writable) socket.write(data);
    }, DELAY);
  });
  socket.on("error", () => socket.destroy());
});
server.listen(Number(process.argv[2]), "127.0.0.1");
