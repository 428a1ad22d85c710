// Chat client: shows the lines of what has come.
import { connect } from "node:net";
const [, , host, port] = process.argv;
const socket = connect(port, host);
socket.setEncoding("utf8");
socket.on("data", (text) => {
  for (const line of text.trim().split(/\r?\n/)) {
    console.log("* said *", line.replace(/[^\p{L}\p{N}\p{P}\p{S} ]/gu, ""));
  }
});
socket.on("end", () => {
  console.log("Server closed the chat");
  process.exit(0);
});
process.stdin.pipe(socket);
