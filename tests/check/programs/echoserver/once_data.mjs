// Echo server with events.
import net from "node:net";

const server = net.createServer((socket) => {
  socket.on("error", () => socket.destroy());
  socket.once("data", (data) => {
    console.log("received", data.length);
    socket.write(data);
  });
  socket.on("end", () => {
    console.log("client has ended");
  });
  socket.resume();
});
server.listen(Number(process.argv[2]), "127.0.0.1");
