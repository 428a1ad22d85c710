// Echo server that keeps what is not complete yet.
import net from "node:net";

const server = net.createServer({ allowHalfOpen: true }, (socket) => {
  let parts = [];
  socket.on("data", (data) => {
    const at = data.lastIndexOf(10);
    if (at === -1) {
      parts.push(data);
      return;
    }
    socket.write(Buffer.concat([...parts, data.subarray(0, at + 1)]));
    parts = [data.subarray(at + 1)];
  });
  socket.on("end", () => socket.end(Buffer.concat(parts)));
  socket.on("error", () => socket.destroy());
});
server.listen(Number(process.argv[2]), "127.0.0.1");
