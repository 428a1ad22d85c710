// Welcome server that says the time and nothing else, and tells on the console who came.
import net from "node:net";

let number = 0;
const server = net.createServer((socket) => {
  const name = `#${++number} ${socket.remoteAddress}:${socket.remotePort}`;
  console.log(new Date().toISOString(), name, "has come");
  socket.on("error", (error) => console.log(name, error.message));
  socket.on("data", (data) => console.log(name, "said", data));
  socket.on("close", () => console.log(name, "has left"));
  socket.end(`${new Date().toISOString()}\r\n`);
});
server.listen(Number(process.argv[2]), "127.0.0.1", () => console.log("Welcome!"));
