import { MAX_NICKNAME_LENGTH, parseNickname } from "../../protocol/nickname.ts";
import { quote } from "../../protocol/text.ts";
import { parseHost } from "./host.ts";
import { UsageError } from "./outcome.ts";

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

export function host(about: string, fallback?: string): Parameter<string> {
  return withDefault(fallback, { about, parse: parseHost });
}

/** A port to connect to, 1 to 65535. */
export function port(about: string, fallback?: string): Parameter<number> {
  return withDefault(fallback, {
    about,
    parse: (text) => parseWhole(text, "port", 1, 65535),
  });
}

/** A port to listen on: 0 lets the system pick a free one. */
export function listenPort(fallback: string): Parameter<number> {
  return {
    about: "port to listen on, 0 picks a free one",
    default: fallback,
    parse: (text) => parseWhole(text, "port", 0, 65535),
  };
}

/** `80`, `1-1024`, `22,80,8000-8010`; each port once, in ascending order. */
export function portList(fallback: string): Parameter<number[]> {
  return {
    about: "ports: 80, 1-1024 or 22,80,8000-8010",
    default: fallback,
    parse: parsePortList,
  };
}

/** A time in milliseconds, up to setTimeout's limit of 24.8 days. */
export function milliseconds(
  about: string,
  fallback: string,
  minimum = 1,
): Parameter<number> {
  return {
    about,
    default: fallback,
    placeholder: "<ms>",
    parse: (text) => parseWhole(text, "time in ms", minimum, 2 ** 31 - 1),
  };
}

/** A whole number from `minimum` to `maximum`. */
export function count(
  about: string,
  fallback: string,
  { minimum = 1, maximum = 1_000_000, placeholder = "<n>" } = {},
): Parameter<number> {
  return {
    about,
    default: fallback,
    placeholder,
    parse: (text) => parseWhole(text, "number", minimum, maximum),
  };
}

export function text(
  about: string,
  { fallback, placeholder = "<text>", ...rest }: {
    fallback?: string;
    placeholder?: string;
    path?: "file" | "folder";
  } = {},
): Parameter<string> {
  const parse = (value: string) => {
    // The shell's word for a variable that is not set; the folder of "" is /.
    if (value !== "" || fallback === "") return value;
    throw new UsageError(`Expected a ${rest.path ?? "text"}, got ""`);
  };
  return withDefault(fallback, { about, placeholder, ...rest, parse });
}

/** A name to be known by in the chat of exercise 7; it may be left out. */
export function nickname(about: string): Parameter<string | undefined> {
  return {
    about,
    placeholder: "<nick>",
    parse: (value) => {
      const name = parseNickname(value);
      if (name !== null) return name;
      throw new UsageError(
        `Expected 1 to ${MAX_NICKNAME_LENGTH} letters, digits, _ or -, got ${
          quote(value)
        }`,
      );
    },
  };
}

/** One of a few words. */
export function choice<const W extends string>(
  about: string,
  words: readonly W[],
  fallback?: string,
): Parameter<W> {
  return withDefault(fallback, {
    about,
    words,
    parse: (value) => {
      const word = words.find((word) => word === value);
      if (word === undefined) {
        throw new UsageError(
          `Expected ${words.join(" or ")}, got ${quote(value)}`,
        );
      }
      return word;
    },
  });
}

function withDefault<T>(
  fallback: string | undefined,
  parameter: Parameter<T>,
): Parameter<T> {
  return fallback === undefined
    ? parameter
    : { ...parameter, default: fallback };
}

function parseWhole(
  text: string,
  what: string,
  minimum: number,
  maximum: number,
): number {
  const value = /^\d+$/.test(text) ? Number(text) : NaN;
  if (!(value >= minimum && value <= maximum)) {
    throw new UsageError(
      `Expected a ${what} from ${minimum} to ${maximum}, got ${quote(text)}`,
    );
  }
  return value;
}

function parsePortList(text: string): number[] {
  const ports = new Set<number>();
  for (const part of text.split(",")) {
    const range = /^(\d+)-(\d+)$/.exec(part);
    const first = parseWhole(range?.[1] ?? part, "port", 1, 65535);
    const last = parseWhole(range?.[2] ?? part, "port", 1, 65535);
    if (last < first) {
      throw new UsageError(
        `Expected a range that ends after its beginning, got "${part}"`,
      );
    }
    for (let port = first; port <= last; port++) ports.add(port);
  }
  return [...ports].sort((a, b) => a - b);
}
