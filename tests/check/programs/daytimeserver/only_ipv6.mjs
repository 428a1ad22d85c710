// Daytime server with events.
import net from "node:net";

const server = net.createServer((socket) => {
  socket.on("error", () => {});
  socket.resume();
  socket.end(new Date().toUTCString() + "\r\n");
});
server.listen({ port: Number(process.argv[2]), host: "::1", ipv6Only: true });
