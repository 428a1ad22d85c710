// Cliente de archivos: iterador asíncrono y archivo temporal.
import { open, rename, rm } from "node:fs/promises";
import net from "node:net";
import path from "node:path";

const [host, puerto, nombre] = process.argv.slice(2);
const socket = net.connect(Number(puerto), host);
const trozos = socket[Symbol.asyncIterator]();
let resto = Buffer.alloc(0);

async function siguiente() {
  if (resto.length > 0) return;
  const { value, done } = await trozos.next();
  if (done) throw new Error("el servidor cerró la conexión");
  resto = value;
}

async function linea() {
  let bytes = Buffer.alloc(0);
  for (;;) {
    await siguiente();
    const fin = resto.indexOf(10);
    bytes = Buffer.concat([bytes, fin < 0 ? resto : resto.subarray(0, fin)]);
    resto = fin < 0 ? Buffer.alloc(0) : resto.subarray(fin + 1);
    if (fin >= 0) return bytes.toString().replace(/\r$/, "");
  }
}

const temporal = `.descarga-${process.pid}`;
try {
  socket.write(`GET ${nombre}\r\n`);
  const respuesta = await linea();
  const [orden, ...palabras] = respuesta.split(" ");
  const bytes = Number(palabras.pop());
  if (orden !== "SENDING_FILE") throw new Error(respuesta);
  if (palabras.join(" ") !== nombre || nombre !== path.basename(nombre)) {
    throw new Error("nombre inesperado: " + palabras.join(" "));
  }
  socket.write("READY\r\n");
  const archivo = await open(temporal, "w");
  let faltan = bytes;
  while (faltan > 0) {
    await siguiente();
    const trozo = resto.subarray(0, faltan);
    resto = resto.subarray(trozo.length);
    await archivo.writeFile(trozo);
    faltan -= trozo.length;
  }
  await archivo.close();
  await rename(temporal, nombre);
  console.log(`Guardado: ${nombre} (${bytes} bytes)`);
  socket.write("QUIT\r\n");
  await linea();
  socket.end();
} catch (error) {
  await rm(temporal, { force: true });
  console.error("Error:", error.message);
  socket.destroy();
  process.exitCode = 1;
}
