// Daytime client: events, no limits.
import net from "node:net";
const client = new net.Socket();
client.setEncoding("ascii");
client.connect(parseInt(process.argv[3]), process.argv[2]);
let answer = "";
client.on("data", (d) => (answer += d));
client.on("end", () => console.log(`[${answer.trim()}]`));
client.on("error", (e) => {
  console.error(e);
  process.exit(1);
});
