import type { Connect, Listen } from "../../protocol/transport/socket.ts";
import type { Metrics } from "../../servers/metrics.ts";
import type { Exchange } from "./diagram/exchange.ts";
import type { Flag, Parameter } from "./parameters.ts";
import {
  clientTlsOptions,
  clientTlsPermissions,
  metricsOption,
  serverTlsOptions,
  watchOptions,
} from "./shared_parameters.ts";
import type { TraceEvent } from "../../protocol/transport/trace.ts";

/** What a command takes, for its parser and its `--help`. */
export interface CommandSpec {
  /** The word on the command line. */
  name: string;
  /** One line of what it does. */
  title: string;
  /** It is a server: it runs until it is told to stop. */
  listens?: true;
  /** It reads lines of stdin, for who has to offer a place to type them. */
  reads?: true;
  /** In order. Those with a default may be left out. */
  arguments: Record<string, Parameter<unknown>>;
  /** Takes all further words, such as file names. */
  rest?: { name: string; about: string };
  /** Takes the command of another program, behind `--`. */
  program?: { about: string };
  options: Record<string, Parameter<unknown> | Flag>;
  /** The least that can work; `<host>` stands for the argument. */
  permissions: readonly string[];
  /** What more would be of use, and for what. */
  optionalPermissions?: readonly (readonly [flag: string, use: string])[];
  /** At least two, without the program's name. */
  examples: readonly string[];
}

/** A command of the catalogue, with what loads it. */
export interface Runnable extends CommandSpec {
  /** Its script, from the top of the project. */
  file: string;
  /** Loads that script. Lazy: `--help` needs none of them. */
  load: () => Script;
  /** `scan <host> [ports=1-1024]` */
  usage: string;
  /** The number of the exercise that it is. None: a tool, or a local server. */
  exercise?: number;
  /** The command of the local server to try it with. */
  tryWith?: string;
}

/** The annotation of a row's `load`: its type must not need the script's. */
export type Script = Promise<{ main: Main }>;

/** What follows from the rest of a row and the name that it stands under. */
type Derived = Pick<
  Runnable,
  "name" | "title" | "usage" | "exercise" | "permissions"
>;

/** A row of the catalogue as it is written down. */
type Row = Omit<Runnable, keyof Derived> & {
  /** `Exercise <number>: ` is put before that of an exercise. */
  title: string;
  /** It stands beside an exercise, to try it with, and is none. */
  local?: true;
  /**
   * It uses the network, though it neither has a `<host>` nor listens. False:
   * its connections cannot be watched from here.
   */
  connects?: boolean;
  /** It takes no --tls: what it does ends where TLS begins. */
  plain?: true;
  /** To reach, or listen on, `<host>:<port>` unless it is said otherwise. */
  permissions?: readonly string[];
};

/** Adds to each row what follows from it. */
export function tableOf<R extends Record<string, Row>>(
  rows: R,
): { [K in keyof R]: R[K] & Derived } {
  const entries = Object.entries(rows).map(([name, row]) => {
    const [, digits] = /^exercises\/(\d+)_/.exec(row.file) ?? [];
    const exercise = row.local ? 0 : Number(digits ?? 0);
    const title = `Exercise ${exercise}: ${row.title}`;
    const isOnNetwork = row.listens ?? row.connects ?? "host" in row.arguments;
    const [tlsOptions, tlsPermissions] = tlsOf(row);
    const optional = [
      ...row.optionalPermissions ?? [],
      ...tlsPermissions,
      ...row.listens ? [METRICS_PERMISSION] : [],
    ];
    return [name, {
      permissions: ["--allow-net=<host>:<port>"],
      ...row,
      options: {
        ...row.options,
        ...tlsOptions,
        ...row.listens ? metricsOption : {},
        ...isOnNetwork ? watchOptions : {},
      },
      ...optional.length > 0 && { optionalPermissions: optional },
      ...exercise && { exercise, title },
      name,
      usage: usageOf({ ...row, name }),
    }];
  });
  return Object.fromEntries(entries);
}

const METRICS_PERMISSION = [
  "--allow-net=127.0.0.1:<metrics>",
  "tell what it counts",
] as const;

/** What every client and server has for TLS. */
function tlsOf(
  row: Row,
): [CommandSpec["options"], NonNullable<CommandSpec["optionalPermissions"]>] {
  if (row.plain) return [{}, []];
  if (row.listens) {
    return [serverTlsOptions, [["--allow-read=<cert>,<key>", "speak TLS"]]];
  }
  return "host" in row.arguments
    ? [clientTlsOptions, clientTlsPermissions]
    : [{}, []];
}

/** `scan <host> [ports]`, as the catalogue and `--help` show it. */
export function usageOf(
  spec: Pick<CommandSpec, "name" | "arguments" | "rest" | "program">,
): string {
  const words = Object.entries(spec.arguments).map(([name, argument]) =>
    argument.default === undefined
      ? `<${name}>`
      : argument.default === ""
      ? `[${name}]`
      : `[${name}=${argument.default}]`
  );
  if (spec.rest) words.push(`[${spec.rest.name}...]`);
  if (spec.program) words.push("[-- <program>...]");
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
  /** `Deno.connect` unless somebody watches, or stands in. */
  connect?: Connect;
  /** `Deno.listen`, likewise. */
  listen?: Listen;
  /** Sees what the connections do, as `--trace` and `--diagram` would. */
  watcher?: Watcher;
  /** Is handed what sets the faults of a proxy while it runs. */
  onFaults?: (set: SetFaults) => void;
}

/** Who watches a command from outside. */
export interface Watcher {
  /** Its data is lent: what is kept must be copied. */
  see: (event: TraceEvent) => void;
  /** The command ended, and chose what of it is to be drawn. */
  draw: (exchange: Exchange) => void;
}

/**
 * Sets the faults each way, as they are written on the command line.
 *
 * @throws {UsageError} There are no such faults. Nothing was changed.
 */
export type SetFaults = (faults: { up: string; down: string }) => void;

/** What a command gets beside its values: all that it needs of the network. */
export type CommandContext =
  & Context
  & Required<Pick<Context, "connect" | "listen">>
  & {
    /** There with `--diagram`: draws this, and not all that was seen. */
    draw?: (exchange: Exchange) => void;
    /** There when somebody watches: for what `connect` cannot do. */
    watch?: (connect: Connect) => Connect;
    /** There with `--metrics`: a server is read through it. */
    metrics?: Metrics;
  };

/** The entry of an exercise: words in, exit code out, never `Deno.exit`. */
export type Main = (args: string[], context: Context) => Promise<number>;
