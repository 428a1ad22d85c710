// Echo server: the socket is piped into itself.
import net from "node:net";

const [program, port] = process.argv.slice(2);

const server = net.createServer((socket) => {
  socket.on("error", () => {});
  socket.pipe(socket);
});
server.listen(port, "127.0.0.1", () => console.log("server started"));
