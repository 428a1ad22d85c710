// Echo server that writes each whole line to the console, with its number.
import net from "node:net";
import { StringDecoder } from "node:string_decoder";

const server = net.createServer({ allowHalfOpen: true }, (socket) => {
  const decoder = new StringDecoder("utf8");
  let text = "";
  let number = 0;
  socket.on("error", () => socket.destroy());
  socket.on("data", (bytes) => {
    if (!socket.write(bytes)) {
      socket.pause();
      socket.once("drain", () => socket.resume());
    }
    text += decoder.write(bytes);
    const lines = text.split("\n");
    text = lines.pop().slice(-1000);
    for (const line of lines) console.log(++number, line.trim());
  });
  socket.on("end", () => socket.end());
});
server.listen(Number(process.argv[2]), "127.0.0.1");
