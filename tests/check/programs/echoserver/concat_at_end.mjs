// Echo server with async iteration.
import net from "node:net";
import { buffer } from "node:stream/consumers";

const server = net.createServer({ allowHalfOpen: true }, async (socket) => {
  try {
    const all = await buffer(socket);
    console.log(`${all.length} bytes`);
    socket.end(all);
  } catch (error) {
    console.log("lost:", error.message);
    socket.destroy();
  }
  socket.on("error", () => {});
});
server.listen(Number(process.argv[2]), "127.0.0.1");
