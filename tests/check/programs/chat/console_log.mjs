// Chat client: console.log for every message.
import net from "node:net";

const [host, port] = process.argv.slice(2);
const socket = net.connect(Number(port), host, () => console.log("Connected"));
socket.setEncoding("utf8");
socket.on("data", (text) => {
  console.log("> " + text.replace(/\p{Cc}/gu, " ").trim());
});
socket.on("end", () => process.exit());
socket.on("error", (error) => {
  console.error("Error: " + error.message);
  process.exit(1);
});

let rest = "";
process.stdin.setEncoding("utf8");
process.stdin.on("data", (text) => {
  const lines = (rest + text).split("\n");
  rest = lines.pop();
  for (const line of lines) {
    socket.write(line + "\n");
    if (line === "/quit") setTimeout(() => process.exit(), 500);
  }
});
process.stdin.on("end", () => socket.end());
