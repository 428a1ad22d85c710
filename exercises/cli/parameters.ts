import { MAX_NICKNAME_LENGTH, parseNickname } from "../../protocol/nickname.ts";
import type { Endpoint } from "../../protocol/transport/address.ts";
import { parseHost, splitEndpoint } from "./host.ts";
import { refuse } from "./outcome.ts";

/** How one argument or one option's value is read, checked and explained. */
export interface Parameter<T> {
  /** @throws {UsageError} The text is not such a value. */
  parse: (text: string) => T;
  /** One phrase for `--help`. */
  about: string;
  /**
   * Used when nothing is given, and shown in `--help`. None: an argument is
   * required, and an option `undefined`, which `T` must then allow.
   */
  default?: string;
  /**
   * An option's value may be left out, and is this then. One that is given is
   * attached, `--trace=hex`: the next word is another one.
   */
  alone?: string;
  /** What stands for the value in `--help`: `--timeout <ms>`. */
  placeholder?: string;
  /** It is one of these, which shells complete. */
  words?: readonly string[];
  /** It is the path of one, which shells complete. */
  path?: "file" | "folder";
}

/** An option that is there or not: `--json`. */
export interface Flag {
  flag: true;
  about: string;
}

export function flag(about: string): Flag {
  return { flag: true, about };
}

/** The rest of a parameter: `fallback` is its default. */
type Rest = Omit<Parameter<unknown>, "parse" | "about" | "default"> & {
  fallback?: string | undefined;
};

function parameter<T>(
  about: string,
  parse: (text: string) => T,
  { fallback, ...rest }: Rest = {},
): Parameter<T> {
  const parameter = { about, parse, ...rest };
  return fallback === undefined
    ? parameter
    : { ...parameter, default: fallback };
}

export function host(about: string, fallback?: string): Parameter<string> {
  return parameter(about, parseHost, { fallback });
}

const parsePort = whole("port", 1, 65535);

/** A port to connect to, 1 to 65535. */
export function port(about: string, fallback?: string): Parameter<number> {
  return parameter(about, parsePort, { fallback });
}

/** A host and a port in one word, `127.0.0.1:4222`; it may be left out. */
export function endpoint(about: string): Parameter<Endpoint | undefined> {
  const parse = (text: string) => {
    const [host, port] = splitEndpoint(text) ?? refuse("<host>:<port>", text);
    return { hostname: parseHost(host), port: parsePort(port) };
  };
  return parameter(about, parse, { placeholder: "<host:port>" });
}

/** A port to listen on: 0 lets the system pick a free one. */
export function listenPort(fallback?: string): Parameter<number> {
  const about = "port to listen on, 0 picks a free one";
  return parameter(about, whole("port", 0, 65535), { fallback });
}

/** `80`, `1-1024`, `22,80,8000-8010`; each port once, in ascending order. */
export function portList(fallback: string): Parameter<number[]> {
  const about = "ports: 80, 1-1024 or 22,80,8000-8010";
  return parameter(about, parsePortList, { fallback });
}

/** A time in milliseconds, up to setTimeout's limit of 24.8 days. */
export function milliseconds(
  about: string,
  fallback: string,
  minimum = 1,
): Parameter<number> {
  const parse = whole("time in ms", minimum, 2 ** 31 - 1);
  return parameter(about, parse, { fallback, placeholder: "<ms>" });
}

/** A whole number from `minimum` to `maximum`. */
export function count(
  about: string,
  fallback: string,
  { minimum = 1, maximum = 1_000_000, placeholder = "<n>" } = {},
): Parameter<number> {
  const parse = whole("number", minimum, maximum);
  return parameter(about, parse, { fallback, placeholder });
}

export function text(about: string, rest: Rest = {}): Parameter<string> {
  const parse = (value: string) =>
    // The shell's word for a variable that is not set; the folder of "" is /.
    value !== "" || rest.fallback === ""
      ? value
      : refuse(`a ${rest.path ?? "text"}`, value);
  return parameter(about, parse, { placeholder: "<text>", ...rest });
}

/** A text that may be left out. */
export const optionalText: (
  about: string,
  rest?: Rest,
) => Parameter<string | undefined> = text;

/** A name to be known by in the chat of exercise 7; it may be left out. */
export function nickname(
  about: string,
  placeholder = "<nick>",
): Parameter<string | undefined> {
  const expected = `1 to ${MAX_NICKNAME_LENGTH} letters, digits, _ or -`;
  const parse = (value: string) =>
    parseNickname(value) ?? refuse(expected, value);
  return parameter(about, parse, { placeholder });
}

/** One of a few words. */
export function choice<const W extends string>(
  about: string,
  words: readonly W[],
  fallback?: string,
): Parameter<W> {
  const parse = (value: string) =>
    words.find((word) => word === value) ??
      refuse(words.join(" or "), value);
  return parameter(about, parse, { fallback, words });
}

/** What reads a whole number, called `what` where the text is none. */
export function whole(what: string, minimum: number, maximum: number) {
  return (text: string): number => {
    const value = /^\d+$/.test(text) ? Number(text) : NaN;
    return value >= minimum && value <= maximum
      ? value
      : refuse(`a ${what} from ${minimum} to ${maximum}`, text);
  };
}

function parsePortList(text: string): number[] {
  const ports = new Set<number>();
  for (const part of text.split(",")) {
    const range = /^(\d+)-(\d+)$/.exec(part);
    const first = parsePort(range?.[1] ?? part);
    const last = parsePort(range?.[2] ?? part);
    if (last < first) refuse("a range that ends after its beginning", part);
    for (let port = first; port <= last; port++) ports.add(port);
  }
  return [...ports].sort((a, b) => a - b);
}
