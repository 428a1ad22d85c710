// Daytime client with for await; prints parts of the answer, one per line.
import net from "node:net";

const socket = net.connect(+process.argv[3], process.argv[2]);
socket.setTimeout(3000, () => socket.destroy(new Error("nobody speaks")));
let text = "";
try {
  for await (const chunk of socket) {
    text += chunk.toString("latin1");
    if (text.length > 4096) throw new Error("too long");
  }
  const clean = text.replace(/[^\x20-\x7e]+/g, " ").trim();
  for (const word of clean.split(" ")) console.log(word);
} catch (error) {
  console.log("FAILED", error.message);
  process.exitCode = 1;
}
