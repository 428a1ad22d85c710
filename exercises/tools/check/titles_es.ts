import type { Titles } from "./roles.ts";

const server = {
  "listens": "Escucha donde se le dice",
  "next-client": "Atiende a un cliente después de que otro se haya ido",
  "two-at-once": "Atiende a dos clientes a la vez, primero al más nuevo",
  "after-a-reset": "Sigue después de que unos clientes hayan cortado (RST)",
  "few-descriptors": "Cierra lo que abrió: 300 clientes vienen y se van",
  "restart": "Terminado e iniciado otra vez, recupera su puerto",
  "tls": "Con {cert} y {key} habla TLS, y no toma por TLS lo que no lo es",
};

const auth = {
  "auth": "Rechaza una contraseña falsa sin decir si existe el nombre",
};

const greeting = {
  "speaks-first": "La línea llega sin que se pida",
  "ends": "Cierra la conexión después de la línea (FIN)",
  "input-thrown-away":
    "Cierra en orden (FIN, sin RST) aunque antes le enviamos algo",
  "time-goes-on": "Preguntado 2 s más tarde, dice otra hora",
};

const reading = {
  "whole-answer":
    "Muestra la respuesta, y termina cuando el servidor cierra (FIN)",
  "sliced": "Muestra entera una respuesta que llega en trozos",
  "broken-off": "No toma media respuesta por una entera después de un reset",
  "escape-sequences": "Lo que gobierna un terminal no llega a él",
  "silent-server": "Termina por sí mismo si el servidor no dice nada",
  "endless-server": "Termina por sí mismo si el servidor no deja de hablar",
};

/** The titles of the stages in Spanish. */
export const titlesEs: Titles = {
  echoserver: {
    ...server,
    "answers-a-line": "Una línea vuelve, y nada antes ni después",
    "second-line": "Una segunda línea, más corta, vuelve por la misma conexión",
    "line-ends": "Los finales de línea vuelven como se enviaron, CR LF y LF",
    "without-newline": "Los bytes sin final de línea vuelven enseguida",
    "every-byte": "Cada uno de los 256 bytes vuelve tal cual, también el 00",
    "cut-character": "Un carácter partido en dos vuelve entero",
    "ends-with-us":
      "Cierra su lado (FIN) después de cerrar nosotros el nuestro",
    "slow-reader": "8 MB vuelven enteros a un cliente que lee tarde",
    "rest-at-end":
      "Todo lo enviado antes de nuestro FIN vuelve todavía, y después FIN",
  },
  daytimeserver: {
    ...server,
    ...greeting,
    "one-line": "Es una línea de ASCII, que termina en CR LF",
    "time-is-now":
      "La línea dice el día y la hora de ahora, en cualquier forma",
  },
  server: {
    ...server,
    ...greeting,
    "one-line": "Es una línea de UTF-8, que termina en CR LF",
    "time-is-now": "La línea tiene la hora de ahora en ISO 8601",
    "fifty-at-once": "Atiende a 50 clientes que están a la vez",
  },
  msgserver: {
    ...server,
    ...auth,
    "relays": "Lo que dice un cliente lo oye otro, como una línea",
    "second-line": "También se oye una segunda línea de la misma conexión",
    "not-to-itself": "Quien dice algo no lo recibe de vuelta",
    "cut-line": "Una línea que llega en trozos se oye como una",
    "glued-lines": "Tres líneas en una escritura se oyen como tres",
    "list": "/list nombra a los que están",
    "nick": "Tras /nick, los demás oyen el nombre nuevo",
    "taken-name": "Un nombre ya usado se rechaza",
    "unknown-command": "Una orden desconocida se rechaza, y no se reenvía",
    "ends-with-us":
      "Cierra su lado (FIN) después de cerrar nosotros el nuestro",
    "quit": "Tras /quit cierra la conexión (FIN)",
    "leave-by-end": "Que alguien se fue con FIN se dice una vez",
    "leave-by-reset": "Que alguien se fue cortando (RST) se dice una vez",
    "leave-by-quit": "Que alguien se fue con /quit se dice una vez",
    "after-leavers": "Cuando algunos se han ido, todos los que quedan se oyen",
    "unfinished-line": "Una línea sin terminar al final no se reenvía",
    "slow-reader": "Quien nunca lee no detiene a nadie",
    "many-talkers":
      "Cuando hablan muchos a la vez, ninguna línea está dentro de otra",
  },
  fileserver: {
    ...server,
    ...auth,
    "get": "GET anuncia un archivo, y READY obtiene sus bytes",
    "list": "LIST dice cuántos archivos hay, sus nombres y tamaños",
    "next-command": "Tras un archivo se responde a la orden siguiente",
    "every-byte":
      "Cada uno de los 256 bytes de un archivo llega tal cual, también el 00",
    "empty-file": "Un archivo vacío tiene 0 bytes, y la conexión sigue",
    "name-with-spaces": "Un nombre puede contener espacios",
    "size-in-bytes": "El tamaño de un texto con ñ y ¿ se anuncia en bytes",
    "not-ready": "Todo lo que no es READY cancela, y no es una orden",
    "sliced": "Una orden que llega en trozos es una sola",
    "glued": "Cada una de las órdenes que llegan juntas tiene respuesta",
    "ready-and-next": "Una orden que llega junto con READY tiene respuesta",
    "error": "Lo que no se puede hacer da un ERROR, y la conexión sigue",
    "nothing-outside": "No se sirve nada de fuera de su carpeta",
    "big-file": "64 MB llegan enteros a un cliente que lee tarde",
    "ends-with-us":
      "Cierra su lado (FIN) después de cerrar nosotros el nuestro",
    "quit": "QUIT obtiene BYE, y después el fin (FIN)",
  },
  echo: {
    "sends-and-shows":
      "Envía las líneas de su entrada, y muestra cada una cuando vuelve",
    "ends": "Termina cuando se acaba su entrada, y todo ha vuelto",
    "sliced": "Espera entera una respuesta que llega en trozos",
    "cut-character": "Un carácter partido en dos se muestra entero",
    "wrong-answer": "Se da cuenta de que volvió otra cosa",
    "early-end":
      "Se da cuenta de que el servidor cerró (FIN) en medio de una respuesta",
    "much-input": "24 MB de líneas vuelven mientras todavía envía",
    "silent-server": "Termina por sí mismo si no vuelve nada",
  },
  daytime: {
    ...reading,
    "empty-first-line":
      "Muestra una respuesta con la primera línea vacía, como la de NIST",
  },
  client: {
    ...reading,
    "two-lines": "Muestra cada una de dos líneas que llegan juntas",
    "cut-line": "No toma por entera una línea que corta un FIN",
  },
  chat: {
    "shows-while-silent":
      "Muestra lo que dicen otros mientras no se teclea nada",
    "second-line": "Muestra una segunda línea que llega más tarde",
    "sends-what-is-typed":
      "Lo que se teclea se envía enseguida, línea por línea",
    "glued-lines": "Muestra cada una de tres líneas que llegan juntas",
    "cut-line": "Una línea que llega en dos trozos se muestra como una",
    "cut-character": "Un carácter partido en dos se muestra entero",
    "escape-sequences": "Lo que gobierna un terminal no llega a él",
    "server-ends": "Termina cuando el servidor cierra (FIN)",
  },
  files: {
    "gets-a-file": "Pide un archivo, toma lo que llega y termina",
    "every-byte": "Escribe cada uno de los 256 bytes tal como llegó",
    "name-with-spaces": "El nombre de un archivo puede contener espacios",
    "sliced": "Espera enteros un anuncio y un archivo que llegan en trozos",
    "glued": "No se pierden los bytes que llegan junto con el anuncio",
    "stops-at-size": "No toma más bytes de los anunciados",
    "early-end": "No toma medio archivo por uno entero",
    "error": "Dice que no hay tal archivo, y no crea ninguno",
    "nothing-outside":
      "El nombre que anuncia un servidor no lleva a otro sitio",
  },
  scan: {
    "one-open": "Nombra el único puerto abierto de 20",
    "first-and-last": "Prueba también el primero y el último del intervalo",
    "none-open": "No nombra ningún puerto si ninguno está abierto",
    "many-open": "Nombra los 12 puertos abiertos",
    "silent-port": "Un puerto que no responde no lo detiene, y no está abierto",
    "many-closed":
      "3.000 puertos cerrados no le cuestan demasiado tiempo ni descriptores",
  },
};
