// Daytime client: understands the time and prints it another way; what it does not understand it quotes.
import net from "node:net";

const socket = net.connect(Number(process.argv[3]), process.argv[2]);
const chunks = [];
socket.setTimeout(4000, () => socket.destroy(new Error("sin respuesta")));
socket.on("data", (chunk) => {
  chunks.push(chunk);
  if (Buffer.concat(chunks).length > 4096) socket.destroy(new Error("demasiado"));
});
socket.on("end", () => {
  const text = Buffer.concat(chunks).toString("latin1").trim();
  const [time] = text.match(/\d\d:\d\d:\d\d/) ?? [];
  console.log(time ? `Son las ${time}` : `No entiendo ${JSON.stringify(text)}`);
});
socket.on("error", (error) => console.log(error.message));
