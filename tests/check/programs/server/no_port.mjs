// Welcome server with events.
import net from "node:net";

const options = { host: "127.0.0.1", prot: Number(process.argv[2]) };

const server = net.createServer((socket) => {
  socket.on("error", () => {});
  socket.resume();
  socket.end(`Welcome, it is ${new Date().toISOString()}\r\n`);
});
server.listen(options.port, options.host, () => {
  console.log("server is running");
});
