import { parseArgs } from "@std/cli/parse-args";
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
  & { rest: string[] }
  & (S extends { program: unknown } ? { program: string[] } : unknown);

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
  const meant = Object.entries(options).flatMap(([name, option]) => {
    const next = args[args.indexOf(`--${name}`) + 1] ?? "";
    const isMeant = !("flag" in option) && option.alone !== undefined &&
      args.includes(`--${name}`) && option.words?.includes(next) &&
      message.includes(quote(next));
    return isMeant ? [`, did you mean --${name}=${next}?`] : [];
  });
  return meant[0] ?? "";
}

function parseWords<S extends CommandSpec>(
  spec: S,
  words: readonly string[],
): Values<S> {
  const dashes = spec.program ? words.indexOf("--") : -1;
  const [args, program] = dashes < 0
    ? [words, []]
    : [words.slice(0, dashes), words.slice(dashes + 1)];
  const names = Object.keys(spec.options);
  const flags = names.filter((name) => isFlag(spec.options[name]));
  const valued = names.filter((name) => !flags.includes(name));
  const parsed = parseArgs(normalize(args, flags, valued, spec.options), {
    boolean: flags,
    string: ["_", ...valued],
    unknown: (arg) => {
      if (arg.startsWith("-") && arg !== "-") {
        throw unknownOption(arg, names);
      }
    },
  });
  const values: Record<string, unknown> = spec.program ? { program } : {};
  for (const [name, option] of Object.entries(spec.options)) {
    const given = parsed[name] as string | boolean | undefined;
    values[name] = isFlag(option)
      ? given === true
      : parseOption(name, option, given as string | undefined);
  }
  const others = withPortApart(spec, parsed._.map(String));
  for (const [name, argument] of Object.entries(spec.arguments)) {
    const word = others.shift() ?? argument.default;
    if (word === undefined) throw new UsageError(`Missing <${name}>`);
    values[name] = argument.parse(word);
  }
  const [unexpected] = others;
  if (unexpected !== undefined && !spec.rest) {
    throw new UsageError(`Unexpected argument ${quote(unexpected)}`);
  }
  values.rest = others;
  return values as Values<S>;
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

function isFlag(option: Parameter<unknown> | Flag | undefined) {
  return option !== undefined && "flag" in option;
}

function parseOption(
  name: string,
  option: Parameter<unknown> | Flag,
  given: string | undefined,
): unknown {
  if ("flag" in option) return given;
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

/**
 * The parser has habits that surprise: it takes `-` in `--output -` for the
 * next option, and `true` in `--force true` (a file name) for a value. Values
 * are joined to their option with `=`, flags go last, so that neither can
 * happen.
 */
function normalize(
  args: readonly string[],
  flags: string[],
  valued: string[],
  options: CommandSpec["options"],
): string[] {
  const words: string[] = [];
  const given: string[] = [];
  const dashes = args.indexOf("--");
  const end = dashes < 0 ? args.length : dashes;
  for (let i = 0; i < end; i++) {
    const arg = args[i]!;
    // The parser keeps the words without an option under this name.
    if (/^--?_(=|$)/.test(arg)) throw unknownOption(arg, []);
    const [name = "", value] = arg.startsWith("--")
      ? arg.slice(2).split("=", 2)
      : [];
    const next = i + 1 < end ? args[i + 1] : undefined;
    const option = valued.includes(name) ? options[name] : undefined;
    if (flags.includes(name)) {
      if (value !== undefined) {
        throw new UsageError(`Option --${name} takes no value`);
      }
      given.push(arg);
    } else if (option && "alone" in option) {
      words.push(value === undefined ? `${arg}=${option.alone}` : arg);
    } else if (
      valued.includes(name) && value === undefined && next !== undefined &&
      !next.startsWith("--")
    ) {
      words.push(`${arg}=${next}`);
      i++;
    } else words.push(arg);
  }
  return [...words, ...given, ...args.slice(end)];
}
