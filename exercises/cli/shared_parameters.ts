import { LOG_LEVELS } from "../../servers/log.ts";
import { refuse, UsageError } from "./outcome.ts";
import {
  choice,
  count,
  flag,
  host,
  milliseconds,
  nickname,
  optionalText,
  type Parameter,
  whole,
} from "./parameters.ts";

/** What several commands take, in the same words. */
export const json = flag("one JSON object per line on stdout");
export const target = host("name, IPv4 or IPv6 address");
export const connectTimeout = milliseconds(
  "how long to wait for the peer",
  "5000",
);

/** Every server binds loopback unless told otherwise. */
export const serverOptions = {
  host: {
    ...host("address to listen on", "127.0.0.1"),
    placeholder: "<address>",
  },
  idle: milliseconds(
    "drop clients that are silent for this long; 0: never",
    "60000",
    0,
  ),
  total: milliseconds(
    "drop clients that stay longer than this; 0: never",
    "0",
    0,
  ),
  "max-connections": count("clients at once; any more wait their turn", "1000"),
  log: choice("how much to log on stderr", LOG_LEVELS, "info"),
  json: flag("log one JSON object per line on stderr"),
  quiet: flag("no log"),
};

/** Of the servers that can ask who comes. */
export const users = optionalText(
  "let in only the users of this file, who have to log in",
  { placeholder: "<file>", path: "file" },
);

/** Of their clients. */
export const loginOptions = {
  login: nickname("log in under this name; the password is asked for"),
  "password-file": optionalText("take the password from its first line", {
    placeholder: "<file>",
    path: "file",
  }),
};

/** Of what is drawn in colour, or has a progress bar. */
export const dumbTerminal = [
  "--allow-env=TERM",
  "heed TERM=dumb",
] as const;

export type TraceFormat = "text" | "hex" | "json";

export const DIAGRAM_ENDINGS = ["svg", "html", "mmd", "txt"] as const;
export type DiagramEnding = (typeof DIAGRAM_ENDINGS)[number];

/** What was asked for; nothing: nobody watches. */
export interface WatchValues {
  trace?: TraceFormat | undefined;
  diagram?: string | undefined;
}

/** The options of every command that connects or listens. */
export const watchOptions = {
  trace: {
    ...choice(
      "tell on stderr what each socket does: text, hex or json",
      ["text", "hex", "json"],
    ),
    alone: "text",
    placeholder: "<format>",
  },
  diagram: {
    about: "draw that when it ends: a .svg, .html, .mmd or .txt",
    placeholder: "<file>",
    path: "file",
    parse(value) {
      if (endingOf(value) !== undefined) return value;
      const endings = DIAGRAM_ENDINGS.map((ending) => `.${ending}`).join(", ");
      return refuse(`a file that ends in one of ${endings}`, value);
    },
  },
} as const satisfies Record<string, Parameter<string>>;

export function endingOf(file: string): DiagramEnding | undefined {
  return DIAGRAM_ENDINGS.find((ending) => file.endsWith(`.${ending}`));
}

/** What was asked for of TLS: a client has no `cert`, a server no `ca`. */
export interface TlsValues {
  tls?: boolean;
  ca?: string | undefined;
  cert?: string | undefined;
  key?: string | undefined;
}

function pem(about: string): Parameter<string | undefined> {
  return { about, placeholder: "<pem>", path: "file", parse: (path) => path };
}

/** The options of every client. */
export const clientTlsOptions = {
  tls: flag("speak TLS: encrypted, and sure of who answers"),
  ca: pem("trust this authority, too (TLS)"),
};

/** The options of every server. */
export const serverTlsOptions = {
  tls: flag("speak TLS: encrypted, and sure of who answers"),
  cert: pem("the certificate to show (TLS)"),
  key: pem("the key to it (TLS)"),
};

/** What was asked for; undefined: nobody counts. */
export interface MetricsValues {
  metrics?: number | undefined;
}

/** The option of every server. */
export const metricsOption = {
  metrics: {
    about: "tell Prometheus on this port what it counts; 0 picks one",
    placeholder: "<port>",
    parse: whole("port", 0, 65535),
  },
} as const satisfies Record<string, Parameter<number>>;

export const clientTlsPermissions = [
  ["--allow-read=<ca>", "trust an authority of your own"],
] as const;

/** Where `certificate` puts them, unless told otherwise. */
export const CERTIFICATES = "certificates";

/** @throws {UsageError} One of them is of no use without another. */
export function checkTls(given: object): void {
  const values: TlsValues = given;
  if (values.tls && "cert" in values && !(values.cert && values.key)) {
    throw new UsageError(
      "Option --tls needs --cert and --key (tcplab certificate writes both)",
    );
  }
  for (const name of ["ca", "cert", "key"] as const) {
    if (values[name] !== undefined && values.tls === false) {
      throw new UsageError(`Option --${name} needs --tls`);
    }
  }
}
