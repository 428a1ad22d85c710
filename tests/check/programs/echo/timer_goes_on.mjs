// Echo client with a status line every now and then.
import net from "node:net";
import readline from "node:readline";

const socket = net.connect({ host: process.argv[2], port: Number(process.argv[3]) });
const queue = [];
let bytes = 0;
let lastNews = Date.now();

setInterval(() => {
  if (queue.length > 0 && Date.now() - lastNews > 2500) {
    console.error("no answer: the server is silent");
    process.exit(1);
  }
}, 250);

const input = readline.createInterface({ input: process.stdin });
input.on("line", (line) => {
  queue.push(line);
  lastNews = Date.now();
  socket.write(`${line}\n`);
});
input.on("close", () => socket.end());

const answers = readline.createInterface({ input: socket });
answers.on("line", (line) => {
  bytes += line.length;
  lastNews = Date.now();
  console.log(line);
  if (line !== queue.shift()) {
    console.error("error: the answer is wrong");
    process.exit(1);
  }
});
answers.on("close", () => {
  if (queue.length > 0) {
    console.error(`error: ${queue.length} answers are missing`);
    process.exit(1);
  }
});
socket.on("error", (error) => {
  console.error(`error: ${error.message}`);
  process.exit(1);
});
