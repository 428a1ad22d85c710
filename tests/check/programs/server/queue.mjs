// Welcome server with events; one guest at a time, the others wait in the queue.
import net from "node:net";

const waiting = [];
let busy = false;

function next() {
  const socket = waiting.shift();
  busy = socket !== undefined;
  if (!busy) return;
  if (socket.destroyed) return next();
  socket.on("close", next);
  socket.end(`Welcome, it is ${new Date().toISOString()}\r\n`);
  socket.resume();
}

const server = net.createServer((socket) => {
  socket.on("error", (error) => console.log(error.code));
  waiting.push(socket);
  if (!busy) next();
});
server.listen(Number(process.argv[2]), "127.0.0.1");
