import { quote } from "../../../protocol/text.ts";
import type { Runnable } from "../../cli/command_spec.ts";
import { splitEndpoint } from "../../cli/host.ts";
import { UsageError } from "../../cli/outcome.ts";
import type { Parameter } from "../../cli/parameters.ts";
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

/** What a form stands for, and where it leads away from this machine. */
export type Checked = { order: Order; far: Errors } | { errors: Errors };

/** Reads a form as the command itself would read its words. */
export function orderOf(row: Runnable, filled: Filled): Checked {
  const errors: Errors = {
    ...argumentErrors(row, filled),
    ...optionErrors(row, filled),
  };
  if (row.program && filled.rest.length === 0 && !filled.options.listen) {
    errors[row.rest!.name] ??= "Expected a server that runs, or --listen: " +
      "the page starts no program";
  }
  if (Object.keys(errors).length > 0) return { errors };
  const places = argumentWords(row, filled);
  const option = places.find((word) => word.startsWith("-"));
  if (option !== undefined && row.program) {
    // Behind `--` stands a program, and the page starts none.
    return { errors: { "": `Unexpected argument ${quote(option)}` } };
  }
  // A word that only looks like an option stands behind `--`.
  const dashes = option === undefined ? [] : ["--"];
  const words = [...optionWords(row, filled), ...dashes, ...places];
  try {
    const values = parseCommand(row, words);
    checkTls(values);
    const line = ["tcplab", row.name, ...words].map(shellWord).join(" ");
    return {
      order: { command: row.name, words, line },
      far: farHosts(row, values),
    };
  } catch (error) {
    if (error instanceof UsageError) return { errors: { "": error.message } };
    throw error;
  }
}

/** The fields whose host is not this machine: of what was read, not of the form. */
function farHosts(row: Runnable, values: Record<string, unknown>): Errors {
  const errors: Errors = {};
  const look = (field: string, host: string) => {
    if (/^(localhost|127(\.\d{1,3}){3}|::1)$/i.test(host)) return;
    errors[field] = `Expected a host of this machine, got ${quote(host)}: ` +
      "to reach others start the page with --allow-remote";
  };
  const parameters = { ...row.arguments, ...row.options };
  for (const [name, parameter] of Object.entries(parameters)) {
    if ("flag" in parameter || !isHost(parameter)) continue;
    const value = values[name];
    if (typeof value === "string") look(name, value);
    else if (value) look(name, (value as { hostname: string }).hostname);
  }
  const { rest } = values as { rest: string[] };
  for (const word of areHosts(row) ? rest : []) {
    const [host] = splitEndpoint(word) ?? [word];
    // A port that stands apart.
    if (!/^\d+$/.test(word)) look(row.rest!.name, host.replace(/^\[|\]$/g, ""));
  }
  return errors;
}

/** What the parameter says of `text`; null: it takes it. */
function problemOf(parameter: Parameter<unknown>, text: string): string | null {
  try {
    parameter.parse(text);
    return null;
  } catch (error) {
    if (error instanceof UsageError) return error.message;
    throw error;
  }
}

function argumentErrors(row: Runnable, filled: Filled): Errors {
  const errors: Errors = {};
  const [host, port] = splitEndpoint(filled.arguments.host ?? "") ?? [];
  for (const [name, argument] of Object.entries(row.arguments)) {
    const text = filled.arguments[name] ?? "";
    const isBehindHost = /^ports?$/.test(name) && port !== undefined;
    const problem = text !== ""
      ? problemOf(argument, name === "host" ? host ?? text : text)
      : argument.default === undefined && !isBehindHost
      ? `Missing <${name}>`
      : null;
    if (problem !== null) errors[name] = problem;
  }
  return errors;
}

function optionErrors(row: Runnable, filled: Filled): Errors {
  const errors: Errors = {};
  const options = optionsOf(row);
  for (const [name, text] of Object.entries(filled.options)) {
    const option = Object.hasOwn(options, name) ? options[name]! : null;
    const problem = option === null
      ? `Unknown option --${name}`
      : "flag" in option
      ? text === true ? null : `Option --${name} takes no value`
      : text === true
      ? `Option --${name} needs a value`
      : text === ""
      ? null
      : problemOf(option, text);
    if (problem !== null) errors[name] = problem;
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
