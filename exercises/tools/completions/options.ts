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
  return optionsOf(command).filter(({ value }) => value !== null)
    .map(({ name }) => `--${name}`);
}

/** How a value can be completed. */
export type Completable = Pick<Parameter<unknown>, "words" | "path">;

/** The words to choose from; an empty one cannot be chosen. */
export function wordsOf({ words = [] }: Completable): string[] {
  return words.filter((word) => word !== "");
}
