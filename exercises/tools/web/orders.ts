import { quote } from "../../../protocol/text.ts";
import type { Runnable } from "../../cli/command_spec.ts";
import { splitEndpoint } from "../../cli/host.ts";
import { UsageError } from "../../cli/outcome.ts";
import { parseCommand } from "../../cli/parse_command.ts";
import { checkTls } from "../../cli/shared_parameters.ts";
import { areHosts, isHost, optionsOf } from "./forms.ts";
import type { Order } from "./runs.ts";

/** A form as it was filled in: texts, and true for a flag. */
export interface Filled {
  command: string;
  arguments: Record<string, string>;
  options: Record<string, string | true>;
  rest: string[];
}

/** What is wrong with it, by field; "" for what is wrong with none. */
export type Errors = Record<string, string>;

/** The words that the form stands for, or what is wrong with it. */
export function orderOf(row: Runnable, filled: Filled): Order | Errors {
  const errors = fieldErrors(row, filled);
  if (Object.keys(errors).length > 0) return errors;
  const places = argumentWords(row, filled);
  const option = places.find((word) => word.startsWith("-"));
  if (option !== undefined && row.program) {
    // Behind `--` stands a program, and the page starts none.
    return { "": `Unexpected argument ${quote(option)}` };
  }
  // A word that only looks like an option stands behind `--`.
  const dashes = option === undefined ? [] : ["--"];
  const words = [...optionWords(row, filled), ...dashes, ...places];
  try {
    checkTls(parseCommand(row, words));
  } catch (error) {
    if (error instanceof UsageError) return { "": error.message };
    throw error;
  }
  const line = ["tcplab", row.name, ...words].map(shellWord).join(" ");
  return { command: row.name, words, line };
}

export function isOrder(result: Order | Errors): result is Order {
  return Array.isArray(result.words);
}

/** The fields that name a host which is not this machine. */
export function remoteHosts(row: Runnable, filled: Filled): Errors {
  const parameters = { ...row.arguments, ...row.options };
  const given = { ...filled.arguments, ...filled.options };
  const errors: Errors = {};
  for (const [name, parameter] of Object.entries(parameters)) {
    const text = given[name];
    if ("flag" in parameter || typeof text !== "string" || text === "") {
      continue;
    }
    if (isHost(name, parameter) && !isLoopback(text)) {
      errors[name] = notAllowed(text);
    }
  }
  const far = areHosts(row) &&
    filled.rest.find((word) => !isLoopback(word) && !/^\d*$/.test(word));
  if (far) errors[row.rest!.name] = notAllowed(far);
  return errors;
}

function notAllowed(host: string): string {
  return `Expected a host of this machine, got ${quote(host)}: ` +
    "to reach others start the page with --allow-remote";
}

/** A name or address of this machine's own loopback, its port behind it or not. */
function isLoopback(text: string): boolean {
  const host = (splitEndpoint(text)?.[0] ?? text).replace(/^\[(.*)\]$/, "$1");
  return /^(localhost|127(\.\d{1,3}){3}|::1)$/i.test(host);
}

/** What each parameter says of its text. */
function fieldErrors(row: Runnable, filled: Filled): Errors {
  const errors: Errors = {};
  const tried = (name: string, parse: () => unknown) => {
    try {
      parse();
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      errors[name] = error.message;
    }
  };
  const isBlank = (name: string) => (filled.arguments[name] ?? "") === "";
  for (const [name, argument] of Object.entries(row.arguments)) {
    const text = filled.arguments[name] ?? "";
    const [host, port] = splitEndpoint(filled.arguments.host ?? "") ?? [];
    if (isBlank(name)) {
      const isThere = /^ports?$/.test(name) && port !== undefined;
      if (argument.default === undefined && !isThere) {
        errors[name] = `Missing <${name}>`;
      }
    } else {
      const word = name === "host" ? host ?? text : text;
      tried(name, () => argument.parse(word));
    }
  }
  const options = optionsOf(row);
  for (const [name, text] of Object.entries(filled.options)) {
    const option = Object.hasOwn(options, name) ? options[name]! : null;
    if (option === null) errors[name] = `Unknown option --${name}`;
    else if ("flag" in option !== (text === true)) {
      errors[name] = `Option --${name} needs ${
        text === true ? "a" : "no"
      } value`;
    } else if (!("flag" in option) && text !== "") {
      tried(name, () => option.parse(String(text)));
    }
  }
  return errors;
}

/** Those that differ from what they would be anyway. */
function optionWords(row: Runnable, { options }: Filled): string[] {
  return Object.entries(options).flatMap(([name, text]) => {
    if (text === true) return [`--${name}`];
    const option = row.options[name]!;
    const isUsual = "default" in option && option.default === text;
    return text === "" || isUsual ? [] : [`--${name}=${text}`];
  });
}

/** In their places: what is left blank before another has its default. */
function argumentWords(row: Runnable, filled: Filled): string[] {
  const named = Object.entries(row.arguments).map(([name, argument]) => ({
    text: filled.arguments[name] || argument.default || "",
    given: filled.arguments[name] || null,
  }));
  const isEndpoint = "host" in row.arguments &&
    splitEndpoint(filled.arguments.host ?? "") !== null;
  // The port stands behind the host already.
  const places = isEndpoint && named[1]?.given === null
    ? named.toSpliced(1, 1)
    : named;
  const last = filled.rest.length > 0
    ? places.length
    : places.findLastIndex(({ given }) => given !== null) + 1;
  return [...places.slice(0, last).map(({ text }) => text), ...filled.rest];
}

/** As a shell takes it for one word. */
function shellWord(word: string): string {
  return /^[\w./:=@%+,-]+$/.test(word)
    ? word
    : `'${word.replaceAll("'", `'\\''`)}'`;
}
