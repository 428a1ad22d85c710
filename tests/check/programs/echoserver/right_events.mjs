// Echo server with events: stops reading while the client does not read.
import { createServer } from "node:net";

const port = parseInt(process.env.PORT ?? process.argv[2], 10);
let clients = 0;

const server = createServer({ allowHalfOpen: true }, (socket) => {
  clients++;
  console.log(`+ ${socket.remoteAddress}:${socket.remotePort} (${clients})`);
  socket.on("data", (chunk) => {
    if (!socket.write(chunk)) socket.pause();
  });
  socket.on("drain", () => socket.resume());
  socket.on("end", () => socket.end());
  socket.on("error", () => socket.destroy());
  socket.on("close", () => {
    clients--;
    console.log(`- (${clients})`);
  });
});

server.listen({ port, host: "127.0.0.1" });
