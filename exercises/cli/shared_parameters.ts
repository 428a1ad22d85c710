import { count, flag, host, milliseconds } from "./parameters.ts";

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
  json: flag("log one JSON object per line on stderr"),
  quiet: flag("no log"),
};

/** Of what is drawn in colour, or has a progress bar. */
export const dumbTerminal = [
  "--allow-env=TERM",
  "heed TERM=dumb",
] as const;
