// File server with async iteration.
import fs from "node:fs";
import net from "node:net";
import path from "node:path";

const [port, folder] = process.argv.slice(2);

async function* linesOf(socket) {
  let rest = Buffer.alloc(0);
  for await (const data of socket) {
    rest = Buffer.concat([rest, data]);
    let end;
    while ((end = rest.indexOf("\n")) >= 0) {
      yield rest.toString("utf8", 0, end).replace(/\r$/, "");
      rest = rest.subarray(end + 1);
    }
  }
}

function find(name) {
  if (!/^[^./\\\0][^/\\\0]*$/.test(name)) return null;
  const stat = fs.lstatSync(path.join(folder, name), { throwIfNoEntry: false });
  return stat?.isFile() ? stat : null;
}

function list(socket) {
  const names = fs.readdirSync(folder).filter(find);
  socket.write(`FILES ${names.length}\r\n`);
  for (const name of names) socket.write(`${name} ${find(name).size}\r\n`);
}

async function sendFile(socket, name) {
  for await (const chunk of fs.createReadStream(path.join(folder, name))) {
    if (!socket.write(chunk)) {
      await new Promise((resolve) => socket.once("drain", resolve).once("close", resolve));
    }
  }
}

async function serve(socket) {
  let offered = null;
  let quit = false;
  for await (const line of linesOf(socket)) {
    if (quit) {
      continue;
    } else if (offered !== null) {
      if (line === "READY") await sendFile(socket, offered);
      else socket.write("CANCELLED\r\n");
      offered = null;
    } else if (line === "LIST") {
      list(socket);
    } else if (line === "QUIT") {
      socket.end("BYE\r\n");
      quit = true;
    } else if (line.startsWith("GET ")) {
      const name = line.slice(4);
      const stat = find(name);
      if (stat) socket.write(`SENDING_FILE ${name} ${stat.size}\r\n`);
      else socket.write(`ERROR NOT_FOUND ${name}\r\n`);
      if (stat) offered = name;
    } else {
      socket.write("ERROR UNKNOWN_COMMAND What?\r\n");
    }
  }
}

const server = net.createServer({ allowHalfOpen: true }, async (socket) => {
  await serve(socket);
  socket.end();
});
server.listen(port, "127.0.0.1");
