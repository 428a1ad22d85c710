// Welcome server with events.
import { createServer } from "node:net";

const server = createServer({ allowHalfOpen: true }, (socket) => {
  socket.on("error", (error) => console.log("lost:", error.code));
  socket.setTimeout(8000, () => socket.destroy());
  socket.write("Welcome! It is " + new Date().toISOString() + "\r\n");
  socket.end();
  socket.resume();
});
server.listen(Number(process.argv[2]), "127.0.0.1");
