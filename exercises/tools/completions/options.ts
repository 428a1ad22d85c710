import type { CommandSpec } from "../../cli/command_spec.ts";
import type { Parameter } from "../../cli/parameters.ts";

/** An option as a shell is told of it. */
export interface Option {
  /** Without dashes. */
  name: string;
  about: string;
  /** What follows it; null: nothing, it is there or not. */
  value: Parameter<unknown> | null;
}

/** The options of a command, and `--help`, which all have. */
export function optionsOf(command: CommandSpec): Option[] {
  const options = Object.entries(command.options).map(([name, option]) => ({
    name,
    about: option.about,
    value: "flag" in option ? null : option,
  }));
  const help = { name: "help", about: "show the help and stop", value: null };
  return [...options, help];
}

/** `--timeout`, `--concurrency`: those that a value follows. */
export function valuedOptions(command: CommandSpec): string[] {
  return optionsOf(command).filter(({ value }) => value && !value.alone)
    .map(({ name }) => `--${name}`);
}

/** `--trace`, `--trace=hex`: those that take one, but only behind `=`. */
export function attachedOptions(command: CommandSpec): string[] {
  return optionsOf(command).filter(({ value }) => value?.alone)
    .map(({ name }) => `--${name}`);
}

/** What a shell is told to offer for a value. */
export interface Offers {
  words: (list: string) => string;
  file: string;
  folder: string;
}

/** Null where nobody knows what a value may be. */
export function offerOf(
  { words, path }: Parameter<unknown>,
  offers: Offers,
): string | null {
  if (words) return offers.words(words.join(" "));
  return path ? offers[path] : null;
}
