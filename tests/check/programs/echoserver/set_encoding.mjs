// Echo server: text in, text out.
import { createServer } from "node:net";

createServer((socket) => {
  socket.setEncoding("utf8");
  socket.on("error", () => {});
  socket.pipe(socket);
}).listen(Number(process.env.PORT), "127.0.0.1", () => console.log("ready"));
