// Echo server with events.
import net from "node:net";

const server = net.createServer({ allowHalfOpen: true }, (socket) => {
  const chunks = [];
  socket.on("data", (chunk) => chunks.push(chunk));
  socket.on("end", () => {
    const message = Buffer.concat(chunks);
    console.log(`received ${message.length} bytes`);
    socket.end(message);
  });
  socket.on("error", (error) => console.log("lost:", error.message));
});
server.listen(Number(process.argv[2]), "127.0.0.1");
