/** The page's own words. What a command says is the command's. */

const WORDS = {
  en: {
    title: "tcplab: the laboratory in a browser",
    commands: "Commands",
    form: "What to run",
    runs: "Runs",
    exercise: "Exercise",
    tools: "Tools",
    choose:
      "Choose an exercise. Start its server with a click, run it, and watch what their sockets do: each arrow is what one call sent or received.",
    run: "Run",
    options: "Options",
    perLine: "one per line",
    notSaid: "(default)",
    by: "default {}",
    serverFirst: "Start {} and use it",
    use: "Use {}",
    servers: "To try it with",
    needs: "As a script it needs {}",
    started: "Started: {}",
    running: "running",
    ended: "ended, exit code {}",
    stop: "Stop",
    close: "Close",
    output: "Output",
    log: "Log and messages",
    exchange: "Exchange",
    input: "A line to send",
    send: "Send",
    end: "End of input (Ctrl-D)",
    save: "Save as {}",
    text: "Text",
    hex: "Bytes",
    more: "and {} more bytes, which were not kept",
    gone: "The bytes are no longer kept.",
    folded: "{} older events are folded: {} bytes →, {} bytes ←",
    foldedText: "{} characters before this are folded",
    lost: "{} events were lost on the way",
    droppedText: "Some output was too much to keep, and is lost.",
    connection: "connection {}",
    toServer: "to the server",
    toClient: "to the client",
    aside: " ms, connection {}, {}: ",
    head: "Connection {}: {} and {}",
    bytes: "{} bytes",
    byte: "1 byte",
    connect: "connect",
    accept: "accept",
    fin: "FIN",
    halfClose: "FIN (half-close)",
    rst: "RST",
    closed: "close",
    refused: "refused",
    timeout: "time-out",
    failed: "failed",
    events: "Connections: {}. Events: {}. Times in ms.",
    keys: "Arrow keys: choose. Enter: text and bytes. Escape: close them.",
    faults: "Faults",
    fault: "fault",
    faultsHint: "For connections that begin from now on; off is off at once.",
    up: "to the server",
    down: "to the client",
    noToken:
      "This address does not open the page, or no longer does: open the one that the terminal shows, with what follows its #.",
    serverGone: "The page's server does not answer. Trying again…",
    connected: "Connected",
    failedRun: "It did not work: {}",
  },
  es: {
    title: "tcplab: el laboratorio en un navegador",
    commands: "Comandos",
    form: "Qué ejecutar",
    runs: "Ejecuciones",
    exercise: "Ejercicio",
    tools: "Herramientas",
    choose:
      "Elige un ejercicio. Inicia su servidor con un clic, ejecútalo y mira qué hacen sus sockets: cada flecha es lo que una llamada envió o recibió.",
    run: "Ejecutar",
    options: "Opciones",
    perLine: "uno por línea",
    notSaid: "(por defecto)",
    by: "por omisión {}",
    serverFirst: "Iniciar {} y usarlo",
    use: "Usar {}",
    servers: "Para probarlo",
    needs: "Como script necesita {}",
    started: "Iniciado: {}",
    running: "en marcha",
    ended: "terminado, código de salida {}",
    stop: "Detener",
    close: "Cerrar",
    output: "Salida",
    log: "Registro y mensajes",
    exchange: "Intercambio",
    input: "Una línea para enviar",
    send: "Enviar",
    end: "Fin de la entrada (Ctrl-D)",
    save: "Guardar como {}",
    text: "Texto",
    hex: "Bytes",
    more: "y {} bytes más, que no se guardaron",
    gone: "Los bytes ya no se conservan.",
    folded: "{} sucesos anteriores están plegados: {} bytes →, {} bytes ←",
    foldedText: "{} caracteres anteriores están plegados",
    lost: "{} sucesos se perdieron por el camino",
    droppedText: "Hubo demasiada salida para conservarla, y parte se perdió.",
    connection: "conexión {}",
    toServer: "hacia el servidor",
    toClient: "hacia el cliente",
    aside: " ms, conexión {}, {}: ",
    head: "Conexión {}: {} y {}",
    bytes: "{} bytes",
    byte: "1 byte",
    connect: "conectar",
    accept: "aceptar",
    fin: "FIN",
    halfClose: "FIN (cierre a medias)",
    rst: "RST",
    closed: "cerrar",
    refused: "rechazada",
    timeout: "tiempo agotado",
    failed: "falló",
    events: "Conexiones: {}. Sucesos: {}. Tiempos en ms.",
    keys: "Flechas: elegir. Intro: texto y bytes. Escape: cerrarlos.",
    faults: "Fallos",
    fault: "fallo",
    faultsHint:
      "Para las conexiones que empiecen a partir de ahora; al quitarlo cesa al instante.",
    up: "hacia el servidor",
    down: "hacia el cliente",
    noToken:
      "Esta dirección no abre la página, o ya no la abre: abre la que muestra la terminal, con lo que sigue a su #.",
    serverGone: "El servidor de la página no responde. Probando de nuevo…",
    connected: "Conectado",
    failedRun: "No funcionó: {}",
  },
};

let language = navigator.language.startsWith("es") ? "es" : "en";
let counts = new Intl.NumberFormat(language);

export function chosenLanguage() {
  return language;
}

export function chooseLanguage(name) {
  language = name;
  counts = new Intl.NumberFormat(name);
  document.documentElement.lang = name;
  document.title = WORDS[name].title;
}

/** The words for `key`; each {} is one of `parts`, numbers as they are read. */
export function say(key, ...parts) {
  let next = 0;
  return (WORDS[language][key] ?? key).replaceAll("{}", () => {
    const part = parts[next++];
    return typeof part === "number" ? counts.format(part) : part;
  });
}

/**
 * An element: `data-word` says again what stands in it when the language is
 * another one. What is written into it is text, whoever sent it.
 */
export function element(tag, properties = {}, ...children) {
  const { word, label, data, ...rest } = properties;
  const made = Object.assign(document.createElement(tag), rest);
  if (word) made.dataset.word = word;
  if (label) made.dataset.label = label;
  Object.assign(made.dataset, data);
  made.append(...children);
  return made;
}

/** Says the page's words in `root` in the language that is chosen. */
export function translate(root) {
  for (const item of root.querySelectorAll("[data-word]")) {
    item.textContent = say(item.dataset.word, item.dataset.part);
  }
  for (const item of root.querySelectorAll("[data-label]")) {
    const label = say(item.dataset.label, item.dataset.part);
    item.setAttribute("aria-label", label);
    if (item.tagName === "INPUT") item.placeholder = label;
  }
}
