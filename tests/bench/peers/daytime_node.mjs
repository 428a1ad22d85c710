// The peer of the daytime benchmark: node:net.
import { createServer } from "node:net";

const server = createServer((socket) => {
  socket.on("error", () => {});
  socket.resume();
  socket.end(`${new Date().toUTCString()}\r\n`);
});
server.listen({ port: 0, host: "127.0.0.1", backlog: 511 }, () => {
  console.log(`Listening on 127.0.0.1:${server.address().port}`);
});
