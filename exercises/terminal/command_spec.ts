import type { Flag, Parameter } from "./parameters.ts";

/** What a command takes: a row of the catalogue, without what runs it. */
export interface CommandSpec {
  /** The word on the command line, and the name of the task. */
  name: string;
  /** One line of what it does. */
  title: string;
  /** The number of the exercise that it belongs to. None: a tool. */
  exercise?: number;
  /** It is a server: it runs until it is told to stop. */
  listens?: true;
  /** The command of the local server to try it with. */
  tryWith?: string;
  /** In order. Those with a default may be left out. */
  arguments: Record<string, Parameter<unknown>>;
  /** Takes all further words, such as file names. */
  rest?: { name: string; about: string };
  options: Record<string, Parameter<unknown> | Flag>;
  /** The least that can work; `<host>` stands for the argument. */
  permissions: readonly string[];
  /** What more would be of use, and for what. */
  optionalPermissions?: readonly (readonly [flag: string, use: string])[];
  /** At least two, without the program's name. */
  examples: readonly string[];
}

/** `scan <host> [ports]`, as the catalogue and `--help` show it. */
export function usageOf(spec: CommandSpec): string {
  const words = Object.entries(spec.arguments).map(([name, argument]) =>
    argument.default === undefined
      ? `<${name}>`
      : argument.default === ""
      ? `[${name}]`
      : `[${name}=${argument.default}]`
  );
  if (spec.rest) words.push(`[${spec.rest.name}...]`);
  return [spec.name, ...words].join(" ");
}
