// Echo server that keeps the text of each client as a string.
import net from "node:net";

const server = net.createServer({ allowHalfOpen: true }, (socket) => {
  let seen = 0;
  socket.setEncoding("latin1");
  socket.on("data", (text) => {
    seen += text.length;
    if (!socket.write(text, "latin1")) {
      socket.pause();
      socket.once("drain", () => socket.resume());
    }
  });
  socket.on("end", () => {
    console.log("echoed", seen, "characters");
    socket.end();
  });
  socket.on("error", () => {});
});
server.listen(+process.argv[2], "127.0.0.1");
