// Welcome server with a Buffer of its own for each client.
import net from "node:net";

net.createServer((socket) => {
  const buffer = Buffer.alloc(100);
  buffer.write("Welcome, it is " + new Date().toISOString() + "\r\n");
  socket.on("error", (error) => console.log(error.code));
  socket.end(buffer);
  socket.resume();
}).listen(Number(process.env.PORT), "127.0.0.1");
