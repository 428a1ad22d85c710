// Daytime server with events.
import net from "node:net";

const server = net.createServer((socket) => {
  socket.on("error", () => {});
  socket.end(new Date().toUTCString() + "\r\n", () => {
    console.log("sent to", socket.remotePort);
    socket.destroy();
  });
});
server.listen(Number(process.argv[2]), "127.0.0.1");
