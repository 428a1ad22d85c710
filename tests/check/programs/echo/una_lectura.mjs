// Cliente de eco con async/await: envía una línea y espera un "data".
import net from "node:net";
import { once } from "node:events";
import readline from "node:readline";

const socket = net.connect(Number(process.argv[3]), process.argv[2]);
socket.on("error", (e) => {
  console.error("error:", e.code);
  process.exit(1);
});
socket.setTimeout(4000, () => {
  if (!esperando) return;
  console.error("tiempo agotado");
  process.exit(1);
});
let esperando = false;
let mal = 0;
for await (const linea of readline.createInterface({ input: process.stdin })) {
  const buffer = Buffer.from(linea + "\n");
  esperando = true;
  socket.write(buffer);
  const [datos] = await once(socket, "data");
  esperando = false;
  console.log("<-", datos.toString().trimEnd());
  if (!datos.equals(buffer)) mal++;
}
socket.end();
if (mal) console.log("respuestas distintas:", mal);
else console.log("sin errores");
process.exit(mal ? 1 : 0);
