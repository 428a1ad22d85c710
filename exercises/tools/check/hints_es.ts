import type { BugId } from "./signatures.ts";
import type { Hint } from "./words.ts";

/** The hints in Spanish. */
export const hintsEs: Record<BugId, Hint> = {
  "one-read": {
    what:
      "Toma lo que da una sola lectura por el mensaje entero, o se detiene tras la primera.",
    why:
      "TCP transporta un flujo de bytes, no mensajes: lo que se envió en una escritura puede llegar en varias lecturas.",
    mend:
      "Lee en un bucle, hasta que llegue el final de línea, el tamaño anunciado o el fin de la conexión.",
  },
  "read-is-message": {
    what: "Trata cada lectura como un mensaje aparte.",
    why:
      "Una línea que llega en dos lecturas se convierte en dos mensajes, y dos líneas en una lectura, en uno solo.",
    mend:
      "Acumula lo que llega en un búfer, extrae de él las líneas completas y guarda el resto para la lectura siguiente.",
  },
  "loses-glued": {
    what: "Pierde lo que sigue a la primera línea en la misma lectura.",
    why:
      "Dos órdenes pueden llegar juntas. El resto de la lectura se tira, o se queda en un lector que se crea de nuevo para cada línea.",
    mend: "Usa un solo búfer, o un solo lector, mientras dure la conexión.",
  },
  "loses-buffered-body": {
    what: "Pierde los bytes del archivo que llegaron junto con la cabecera.",
    why:
      "El lector de líneas ha leído más allá de la línea, y el archivo se lee después del socket, sin lo que guarda ese lector.",
    mend: "Lee la cabecera y el archivo a través del mismo búfer.",
  },
  "decodes-text": {
    what: "Decodifica como texto trozos de bytes.",
    why:
      "Un carácter como la ñ tiene dos bytes, que pueden llegar en dos lecturas. Cada mitad por sí sola no es un carácter, y los bytes desde 80 pueden no ser texto.",
    mend:
      "Trabaja con bytes, y decodifica solo líneas completas que deban ser texto.",
  },
  "waits-for-newline": {
    what: "Espera un final de línea antes de responder.",
    why:
      "Un servidor de eco no sabe de líneas: también los bytes sin final de línea deben volver, y enseguida.",
    mend: "Lee bytes, no líneas, y devuelve lo que dé cada lectura.",
  },
  "changes-line-end": {
    what: "Añade, quita o convierte los finales de línea.",
    why:
      "Las funciones para líneas lo hacen sin que se les pida: quitan CR LF, o escriben en su lugar LF o el final de línea del sistema.",
    mend:
      "Envía exactamente los bytes que pide el protocolo, y abre archivos y flujos en modo binario.",
  },
  "stops-at-nul": {
    what: "Se detiene en el byte 00.",
    why:
      "Las funciones para cadenas de C toman 00 por el final del texto, pero en la red es un byte como los demás.",
    mend:
      "Usa el número de bytes que devolvió la lectura, no la longitud de una cadena.",
  },
  "sends-whole-buffer": {
    what: "Envía el búfer entero, no solo lo que se leyó en él.",
    why: "Tras un mensaje corto llegan bytes de uno anterior, o ceros.",
    mend: "Envía solo tantos bytes como devolvió la lectura.",
  },
  "waits-for-end": {
    what: "Responde solo cuando el cliente ha cerrado su lado (FIN).",
    why:
      "Primero lee hasta el fin de la entrada, y un cliente que espera la respuesta antes de cerrar espera para siempre.",
    mend:
      "Responde a cada lectura según llega, y termina cuando termine la entrada.",
  },
  "ignores-end": {
    what: "No se da cuenta del fin de la entrada.",
    why:
      "Tras un FIN, la lectura da cero bytes, enseguida y siempre. Quien no lo comprueba repite el bucle para siempre, o no cierra nunca.",
    mend:
      "Cuando una lectura devuelva cero bytes (o null), sal del bucle y cierra la conexión.",
  },
  "drops-rest-at-end": {
    what: "Cierra con el FIN del cliente aunque no se haya devuelto todo.",
    why:
      "Un FIN cierra un solo sentido: el cliente todavía puede leer, y espera el resto.",
    mend: "Cierra solo después de haber escrito el último byte.",
  },
  "partial-write": {
    what: "No mira cuántos bytes aceptó la escritura.",
    why:
      "Cuando el cliente lee despacio, los búferes del núcleo se llenan y una escritura acepta solo una parte. El resto se pierde.",
    mend:
      "Vuelve a escribir el resto hasta que se haya aceptado todo, o usa la función que ya lo hace.",
  },
  "talks-first": {
    what: "Envía algo antes de que se le pida.",
    why:
      "Un servidor de eco devuelve lo que ha recibido, y nada más: un saludo se toma por una respuesta.",
    mend: "No envíes nada propio.",
  },
  "dies-of-client": {
    what: "Un cliente que corta la conexión termina el servidor para todos.",
    why:
      "Tras un reset (RST), leer o escribir falla; en C, escribir puede además provocar SIGPIPE. Nadie lo trata.",
    mend:
      "Trata los errores en cada conexión: cierra esa, y sigue con las demás.",
  },
  "one-client": {
    what: "Atiende a un solo cliente a la vez.",
    why:
      "Mientras espera a un cliente no acepta a nadie más: el segundo espera en la cola del socket de escucha.",
    mend:
      "Da a cada cliente su propio hilo o tarea, o usa un bucle de eventos.",
  },
  "serves-once": {
    what: "Termina después del primer cliente.",
    why: "Acepta una vez, atiende, y el programa se acaba.",
    mend: "Acepta en un bucle.",
  },
  "leaks-descriptors": {
    what: "No cierra sus sockets.",
    why:
      "Cada uno ocupa un descriptor de archivo. Cuando se agotan, ya no se puede aceptar ni abrir ninguna conexión.",
    mend: "Cierra cada socket cuando acabes con él, también si hay errores.",
  },
  "wrong-address": {
    what: "Escucha en otro sitio del que se le dijo.",
    why:
      "Las causas habituales: un puerto fijo, los bytes del puerto en orden contrario (htons), un argumento que no se lee, o solo ::1.",
    mend: "Escucha en 127.0.0.1 y en el puerto que da la línea de órdenes.",
  },
  "no-reuseaddr": {
    what:
      "Si se vuelve a iniciar enseguida no consigue su puerto: la dirección está en uso.",
    why:
      "El lado que cierra primero deja la conexión en TIME_WAIT cerca de un minuto, y con ella el puerto.",
    mend:
      "Activa SO_REUSEADDR en el socket de escucha antes de enlazarlo (bind).",
  },
  "waits-for-input": {
    what: "Lee antes de hablar.",
    why: "El cliente de este protocolo no dice nada: cada uno espera al otro.",
    mend: "Envía la línea en cuanto llegue el cliente.",
  },
  "never-closes": {
    what: "No cierra la conexión tras su respuesta.",
    why: "El cliente lee hasta el FIN, que no llega.",
    mend: "Cierra la conexión después de la línea, en todos los casos.",
  },
  resets: {
    what: "Cierra con datos sin leer, y así envía RST en lugar de FIN.",
    why:
      "Un reset puede destruir la respuesta por el camino: el cliente ve un error y ninguna línea.",
    mend:
      "Cierra tu lado (shutdown de escritura), lee y descarta hasta el FIN del cliente, y cierra después.",
  },
  "stale-time": {
    what: "Dice la hora a la que se inició.",
    why: "El texto se forma una sola vez, antes del bucle, y se envía a todos.",
    mend: "Pregunta la hora de nuevo para cada cliente.",
  },
  "no-line-end": {
    what: "Envía su línea sin final de línea.",
    why:
      "El otro lado lee líneas: sin el final espera más, o toma la línea por cortada.",
    mend: "Termina cada línea con CR LF.",
  },
  "hears-itself": {
    what: "Devuelve una línea a quien la dijo.",
    why: "El bucle sobre los clientes no excluye a nadie.",
    mend: "Excluye al remitente.",
  },
  "forgets-leavers": {
    what: "Cuando un cliente se ha ido, otros no reciben todas las líneas.",
    why:
      "La lista de clientes cambia mientras un bucle la recorre, o escribir al que se fue termina el bucle.",
    mend:
      "Recorre una copia de la lista, y trata el error de cada cliente por separado.",
  },
  "silent-leave": {
    what: "No avisa a los demás de que alguien se ha ido.",
    why:
      "Un cliente puede irse con una orden, con FIN o con RST, y cada caso se nota en un sitio distinto.",
    mend: "Hazlo en un solo sitio por el que pasen todas las salidas.",
  },
  "leaves-twice": {
    what: "Avisa a los demás dos veces de que un mismo cliente se ha ido.",
    why:
      "Dos sitios notan la misma salida: la orden y el fin, o el error y el fin.",
    mend: "Quita al cliente una sola vez, y avisa solo si todavía estaba.",
  },
  "slow-blocks-all": {
    what: "Un cliente que no lee detiene a todos.",
    why:
      "Cuando sus búferes están llenos, una escritura bloqueante espera, y los demás esperan con ella.",
    mend:
      "Da a cada cliente su propia cola y algo que la vacíe, con un límite a partir del cual se expulsa al lento.",
  },
  "mixes-lines": {
    what: "Una línea está dentro de otra.",
    why:
      "Dos hilos escriben a la vez en el mismo socket, y una línea sale en varias escrituras.",
    mend:
      "Deja que escriba uno solo a la vez, con un cerrojo o una cola, y escribe líneas enteras.",
  },
  "sends-unfinished": {
    what: "Toma una última línea sin terminar por una entera.",
    why:
      "Cuando la conexión se acaba en medio de una línea, el comienzo de una orden no es una orden.",
    mend:
      "Usa una línea solo cuando haya llegado su final, y di que la última quedó cortada.",
  },
  "blocks-on-keyboard": {
    what: "Muestra lo que dicen los demás solo después de teclear algo.",
    why: "Espera al teclado, y lee el socket solo entre medias.",
    mend:
      "Lee de los dos a la vez: un hilo o tarea para cada uno, o un bucle de eventos.",
  },
  "trusts-peer-text": {
    what: "Deja pasar al terminal secuencias de escape del otro lado.",
    why:
      "Con ellas un extraño puede borrar la pantalla, falsificar líneas o cambiar el título de la ventana.",
    mend:
      "Quita los caracteres de control, o hazlos visibles, antes de imprimir nada.",
  },
  "size-in-characters": {
    what: "Anuncia un tamaño que no es el de los bytes que envía.",
    why:
      "Un texto con ñ tiene más bytes que caracteres, y el tamaño en la red cuenta bytes.",
    mend:
      "Usa el tamaño del archivo, o de los bytes codificados, nunca la longitud de una cadena.",
  },
  "splits-at-spaces": {
    what: "Corta el nombre de un archivo en su primer espacio.",
    why:
      "La línea se divide en palabras, y el nombre se toma por una de ellas.",
    mend: "Toma por nombre todo lo que sigue a la orden (o precede al tamaño).",
  },
  "extra-bytes": {
    what: "Envía tras el archivo más bytes de los que anunció.",
    why:
      "Una función que imprime líneas añade un final de línea; se toma por la respuesta siguiente, y todo queda desfasado.",
    mend: "Envía exactamente los bytes anunciados, y nada detrás.",
  },
  "leaves-folder": {
    what: "Lee o escribe fuera de su carpeta.",
    why: "Un nombre puede contener .. o empezar por /, y viene de un extraño.",
    mend: "Acepta solo nombres simples, sin separadores, y rechaza los demás.",
  },
  "closes-on-error": {
    what: "Cierra la conexión después de responder ERROR.",
    why:
      "Un rechazo es una respuesta como las demás: el cliente puede seguir con la orden siguiente.",
    mend: "Envía la línea de error, y lee la orden siguiente.",
  },
  "accepts-short": {
    what: "Toma menos de lo anunciado por el total.",
    why:
      "La conexión se acabó o se cortó en medio, y el programa no lo distingue del final.",
    mend:
      "Cuenta los bytes; si han llegado menos, o hubo un error, dilo, termina con un código distinto de 0 y no dejes un archivo con su nombre definitivo.",
  },
  "reads-past-size": {
    what: "Toma lo que sigue al archivo por parte de él.",
    why:
      "Lee hasta el fin de la conexión, o búferes enteros, y no hasta el tamaño anunciado.",
    mend:
      "Detente en el número de bytes anunciado: lo que viene detrás es la respuesta siguiente.",
  },
  "no-clock": {
    what: "Espera para siempre a quien no dice nada.",
    why:
      "El otro lado puede colgarse, o desaparecer sin una palabra (un cable, un corte de luz): entonces no llega ningún FIN.",
    mend:
      "Pon un límite de tiempo para conectar y para leer, y dilo cuando se agote.",
  },
  "no-limit": {
    what: "Lee para siempre de quien no deja de enviar.",
    why:
      "Un servidor averiado u hostil puede enviar sin fin, y llena la memoria o el tiempo del cliente.",
    mend:
      "Limita cuántos bytes, o cuánto tiempo en total, puede ocupar una respuesta.",
  },
  deadlock: {
    what: "Envía todo antes de leer nada.",
    why:
      "El servidor devuelve según lee. Cuando se llenan los búferes de los dos sentidos, cada uno espera a que el otro lea.",
    mend: "Lee mientras escribe: un hilo o tarea para cada sentido.",
  },
  "wrong-verdict": {
    what:
      "Dice que todo está bien, o que un puerto está abierto, cuando no lo está.",
    why: "No compara, o compara otra cosa: solo la longitud, o si llegó algo.",
    mend:
      "Compara lo que llegó con lo que debía llegar, byte a byte; un puerto está abierto solo si la conexión se establece.",
  },
  unflushed: {
    what: "Lo que escribe se queda en un búfer del programa.",
    why:
      "Las bibliotecas reúnen la salida y la envían solo cuando hay mucha o al final: el otro lado, o la persona, espera.",
    mend: "Vacía el búfer (flush) tras cada mensaje, o desactívalo.",
  },
  "misses-ports": {
    what: "No nombra un puerto que está abierto.",
    why:
      "Su intervalo se queda corto en uno, o no espera la respuesta lo suficiente.",
    mend:
      "Incluye los dos extremos del intervalo, y espera al menos unos cientos de milisegundos por puerto.",
  },
};
