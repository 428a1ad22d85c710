// Cliente de eco: compara línea por línea.
import net from "node:net";
import readline from "node:readline";

const socket = net.connect(Number(process.argv[3]), process.argv[2]);
const salir = (codigo) => {
  process.exitCode = codigo;
  clearTimeout(reloj);
  socket.destroy();
  process.stdin.destroy();
};
const enviadas = [];
let resto = Buffer.alloc(0);
let distintas = 0;
let reloj;

function cronometro() {
  clearTimeout(reloj);
  reloj = setTimeout(() => {
    console.log("El servidor no responde");
    salir(3);
  }, 2200);
}

const teclado = readline.createInterface({ input: process.stdin });
teclado.on("line", (linea) => {
  enviadas.push(linea);
  socket.write(linea + "\n");
  cronometro();
});
teclado.on("close", () => {
  socket.end();
  cronometro();
});
socket.on("data", (datos) => {
  resto = Buffer.concat([resto, datos]);
  let fin;
  while ((fin = resto.indexOf(10)) >= 0) {
    const eco = resto.subarray(0, fin).toString();
    resto = resto.subarray(fin + 1);
    console.log("Eco: " + eco);
    if (eco !== enviadas.shift()) {
      distintas++;
      console.log("  ¡es distinta de la enviada!");
    }
  }
  clearTimeout(reloj);
  if (enviadas.length > 0) cronometro();
});
socket.on("end", () => {
  if (enviadas.length > 0 || resto.length > 0) {
    console.log("Faltan datos: el servidor cerró antes");
    distintas++;
  }
  salir(distintas > 0 ? 1 : 0);
});
socket.on("error", (error) => {
  console.log("Error: " + error.message);
  salir(1);
});
