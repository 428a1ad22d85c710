import { closestString } from "@std/text/closest-string";
import { levenshteinDistance } from "@std/text/levenshtein-distance";
import { quote } from "../../protocol/text.ts";
import type { CommandSpec } from "./command_spec.ts";
import { splitEndpoint } from "./host.ts";
import { UsageError } from "./outcome.ts";
import type { Flag, Parameter } from "./parameters.ts";

/** More letters apart, and it was no slip of the fingers. */
const MAX_TYPOS = 2;

/** Which of the `known` words was meant by `word`; null when none is near. */
export function likelyWord(
  word: string,
  known: readonly string[],
): string | null {
  const nearest = closestString(word, [...known]);
  // Of a short word most must be right: three other letters are another one.
  const typos = Math.min(MAX_TYPOS, Math.ceil(word.length / 3));
  return levenshteinDistance(word, nearest) <= typos ? nearest : null;
}

type ValueOf<P> = P extends Parameter<infer T> ? T : boolean;

/** The values of the arguments and options of `S`, each with its type. */
export type Values<S extends CommandSpec> =
  & { -readonly [K in keyof S["arguments"]]: ValueOf<S["arguments"][K]> }
  & { -readonly [K in keyof S["options"]]: ValueOf<S["options"][K]> }
  & { rest: string[] };

/** @throws {UsageError} Anything unknown, missing, left over or wrong. */
export function parseCommand<S extends CommandSpec>(
  spec: S,
  args: readonly string[],
): Values<S> {
  try {
    return parseWords(spec, args);
  } catch (error) {
    if (error instanceof UsageError) {
      error.message += adviceOn(error, spec, args);
    }
    throw error;
  }
}

/** `--trace hex`: the second word was taken for an argument, and is none. */
function adviceOn(
  { message }: UsageError,
  { options }: CommandSpec,
  args: readonly string[],
): string {
  for (const [i, arg] of args.entries()) {
    const option = arg.startsWith("--") && options[arg.slice(2)];
    const next = args[i + 1] ?? "";
    const isMeant = option && "alone" in option &&
      option.words?.includes(next) && message.includes(quote(next));
    if (isMeant) return `, did you mean ${arg}=${next}?`;
  }
  return "";
}

function parseWords<S extends CommandSpec>(
  spec: S,
  args: readonly string[],
): Values<S> {
  const { given, words: all } = optionsApart(spec, args);
  const values: Record<string, unknown> = {};
  for (const [name, option] of Object.entries(spec.options)) {
    values[name] = parseOption(name, option, given.get(name));
  }
  const words = withPortApart(spec, all);
  for (const [name, argument] of Object.entries(spec.arguments)) {
    const word = words.shift() ?? argument.default;
    if (word === undefined) throw new UsageError(`Missing <${name}>`);
    values[name] = argument.parse(word);
  }
  const [unexpected] = words;
  if (unexpected !== undefined && !spec.rest) {
    throw new UsageError(`Unexpected argument ${quote(unexpected)}`);
  }
  values.rest = words;
  return values as Values<S>;
}

/** What is given for each option, a flag too, and the words between them. */
function optionsApart({ options }: CommandSpec, args: readonly string[]) {
  const given = new Map<string, string>();
  const words: string[] = [];
  const dashes = args.indexOf("--");
  const end = dashes < 0 ? args.length : dashes;
  for (let i = 0; i < end; i++) {
    const arg = args[i]!;
    const [, name = "", value] = /^--([^=]+)(?:=(.*))?$/s.exec(arg) ?? [];
    const option = Object.hasOwn(options, name) ? options[name] : undefined;
    if (arg === "-" || !arg.startsWith("-")) words.push(arg);
    else if (!option) throw unknownOption(arg, Object.keys(options));
    else if ("flag" in option && value !== undefined) {
      throw new UsageError(`Option --${name} takes no value`);
    } else if ("flag" in option) given.set(name, arg);
    else if ((value ?? option.alone) !== undefined) {
      given.set(name, value ?? option.alone!);
    } else {
      const next = args.slice(i + 1, end)[0];
      // The next option is no value, and `-` is one.
      const isValue = next !== undefined && !next.startsWith("--");
      given.set(name, isValue ? next : "");
      if (isValue) i++;
    }
  }
  return { given, words: [...words, ...args.slice(end + 1)] };
}

/** `localhost:80` fills two arguments, where a host and a port are wanted. */
function withPortApart(spec: CommandSpec, words: string[]): string[] {
  const [first, second = ""] = Object.keys(spec.arguments);
  const [word = "", next, ...others] = words;
  const endpoint = splitEndpoint(word);
  if (first !== "host" || !/^ports?$/.test(second) || !endpoint) return words;
  // Digits are a port again, and no action or file.
  const again = next !== undefined && /^\d[\d,-]*$/.test(next);
  if (!again) return [...endpoint, ...words.slice(1)];
  if (next === endpoint[1]) return [...endpoint, ...others];
  throw new UsageError(`Expected one port, got ${endpoint[1]} and ${next}`);
}

function parseOption(
  name: string,
  option: Parameter<unknown> | Flag,
  given: string | undefined,
): unknown {
  if ("flag" in option) return given !== undefined;
  if (given === "") throw new UsageError(`Option --${name} needs a value`);
  const text = given ?? option.default;
  if (text === undefined) return undefined;
  try {
    return option.parse(text);
  } catch (error) {
    if (error instanceof UsageError) error.message += ` for --${name}`;
    throw error;
  }
}

/** Quoted when it is no plain word: it must not break the line, or worse. */
function unknownOption(arg: string, known: readonly string[]): UsageError {
  const [name = ""] = arg.split("=", 1);
  if (/^--(allow|deny)-\w+$/.test(name)) {
    return new UsageError(
      `${name} is a flag of deno run: it stands before the script's name`,
    );
  }
  const shown = /^[\w.-]+$/.test(name) ? name : quote(name);
  const likely = likelyWord(name.replace(/^-+/, ""), [...known, "help"]);
  const advice = likely && `, did you mean --${likely}?`;
  return new UsageError(`Unknown option ${shown}${advice ?? ""}`);
}
