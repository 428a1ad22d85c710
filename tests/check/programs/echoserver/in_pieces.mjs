// Echo server that sends each short answer back one byte at a time.
import net from "node:net";

const server = net.createServer({ allowHalfOpen: true }, async (socket) => {
  socket.setNoDelay(true);
  try {
    for await (const chunk of socket) {
      if (chunk.length > 500) {
        await send(socket, chunk);
      } else {
        for (const byte of chunk) await send(socket, Buffer.of(byte));
      }
    }
    socket.end();
  } catch {
    socket.destroy();
  }
});

function send(socket, bytes) {
  return new Promise((resolve, reject) => {
    socket.write(bytes, (error) => error ? reject(error) : resolve());
  });
}

server.listen(Number(process.argv[2]), "127.0.0.1");
