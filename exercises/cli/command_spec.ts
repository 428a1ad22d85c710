import type { Connect, Listen } from "../../protocol/transport/socket.ts";
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

/** What `main.ts`, the menu or the script itself hands to an exercise. */
export interface Context {
  /** Fires on Ctrl-C (SIGINT) and SIGTERM. */
  signal: AbortSignal;
  /**
   * Sends Ctrl-C to `handler` in place of `signal`, until it is disposed: for
   * the menu, which ends an exercise and goes on.
   */
  interceptInterrupt?: (handler: () => void) => Disposable;
  /** Everything that can be run: for the menu, which offers it. */
  catalogue?: readonly Runnable[];
  /** `Deno.connect` unless somebody watches, or stands in. */
  connect?: Connect;
  /** `Deno.listen`, likewise. */
  listen?: Listen;
}

/** What a command gets beside its values: all that it needs of the network. */
export type CommandContext =
  & Context
  & Required<Pick<Context, "connect" | "listen">>;

/** The entry of an exercise: words in, exit code out, never `Deno.exit`. */
export type Main = (args: string[], context: Context) => Promise<number>;

/** A command, with what loads it. */
export interface Runnable extends CommandSpec {
  /** Loads the script. Lazy: `--help` needs none of them. */
  load: () => Promise<{ main: Main }>;
}
