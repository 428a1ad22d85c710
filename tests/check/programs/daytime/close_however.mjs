// Daytime client: shows what it has when the connection closes, however it closes.
import net from "node:net";

const socket = net.connect(Number(process.argv[3]), process.argv[2]);
let text = "";
socket.setTimeout(3000, () => socket.destroy());
socket.on("data", (d) => {
  text += d;
  if (text.length > 4096) socket.destroy();
});
socket.on("error", () => {});
socket.on("close", () => console.log("Time:", JSON.stringify(text)));
