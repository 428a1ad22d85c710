// Handles data, end and close.
import net from "node:net";

let clients = [];
let guests = 0;

function say(client, text) {
  if (!client.gone) client.socket.write(text + "\r\n");
}

function broadcast(text, except) {
  for (const client of clients) {
    if (client !== except) say(client, text);
  }
}

function leave(client) {
  if (client.gone) return;
  client.gone = true;
  clients = clients.filter((other) => other !== client);
  broadcast(`* ${client.name} left`);
}

function rename(client, name) {
  const same = (other) => other.name.toLowerCase() === name.toLowerCase();
  if (!/^[\p{L}\p{Nd}_-]{1,20}$/u.test(name) || /^guest-/i.test(name)) {
    say(client, `! Nickname "${name}" is not allowed`);
  } else if (clients.some((other) => other !== client && same(other))) {
    say(client, `! Nickname "${name}" is taken`);
  } else {
    broadcast(`* ${client.name} is now ${name}`);
    client.name = name;
  }
}

function onLine(client, line) {
  const [word, ...rest] = line.split(" ");
  if (word === "/quit") {
    say(client, "* Goodbye");
    leave(client);
    client.socket.end();
  } else if (word === "/list") {
    const names = clients.map((other) => other.name);
    say(client, `* ${names.length} connected: ${names.join(", ")}`);
  } else if (word === "/nick") {
    rename(client, rest.join(" ").trim());
  } else if (word.startsWith("/")) {
    say(client, `! Unknown command "${line}"`);
  } else if (line.trim() !== "") {
    broadcast(`<${client.name}> ${line}`, client);
  }
}

function onData(client, data) {
  client.input = Buffer.concat([client.input, data]);
  let end;
  while ((end = client.input.indexOf(10)) >= 0) {
    const line = client.input.subarray(0, end).toString();
    client.input = client.input.subarray(end + 1);
    if (!client.gone) onLine(client, line.replace(/\r$/, ""));
  }
}

const server = net.createServer({ allowHalfOpen: true }, (socket) => {
  const client = { socket, name: `guest-${++guests}`, input: Buffer.alloc(0), gone: false };
  say(client, `* Welcome, ${client.name}. Commands: /list, /nick <name>, /quit`);
  broadcast(`* ${client.name} joined`);
  clients.push(client);
  socket.on("data", (data) => onData(client, data));
  socket.on("end", () => {
    leave(client);
    socket.end();
  });
  socket.on("close", () => leave(client));
});
server.listen(Number(process.argv[2]), "127.0.0.1");
