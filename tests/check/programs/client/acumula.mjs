// Cliente: junta todo lo que llega y lo enseña al final.
import net from "node:net";

const trozos = [];
let total = 0;
const acabar = (mensaje, codigo) => {
  console.log(mensaje);
  process.exit(codigo);
};
const socket = net.connect({ host: process.argv[2], port: process.argv[3] });
socket.setTimeout(3000, () => acabar("El servidor no dice nada", 1));
socket.on("error", () => acabar("La conexión se ha roto", 1));
socket.on("data", (trozo) => {
  trozos.push(trozo);
  total += trozo.length;
  if (total > 64 * 1024) acabar("El servidor no para de hablar", 1);
});
socket.on("end", () => {
  const texto = Buffer.concat(trozos).toString("utf8");
  const lineas = texto.split(/\r?\n/);
  const ultima = lineas.pop();
  for (const linea of lineas) {
    console.log("Recibido:", linea.replace(/[\u0000-\u001f\u007f-\u009f]/g, "·"));
  }
  if (ultima) acabar("La última línea no está completa", 2);
});
