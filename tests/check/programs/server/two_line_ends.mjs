// Welcome server with events.
import net from "node:net";

const EOL = "\r\n";

function welcome() {
  return `Welcome, it is ${new Date().toISOString()}\n`;
}

net.createServer((socket) => {
  socket.on("error", () => {});
  socket.resume();
  socket.end(welcome() + EOL);
}).listen(Number(process.argv[2]), "127.0.0.1");
