import { OutputClosedError, printLine } from "../terminal/stdout.ts";
import type { Network } from "../../protocol/transport/socket.ts";
import type {
  CommandContext,
  CommandSpec,
  Context,
  Main,
} from "./command_spec.ts";
import {
  type ErrorContext,
  explainError,
  formatExplanation,
  notedConnect,
  notedListen,
} from "./explain_error.ts";
import { helpOf } from "./help.ts";
import {
  EXIT_FAILED,
  EXIT_INTERRUPTED,
  EXIT_OK,
  EXIT_USAGE,
  UsageError,
} from "./outcome.ts";
import { parseCommand, type Values } from "./parse_command.ts";
import {
  checkTls,
  type MetricsValues,
  type TlsValues,
  type WatchValues,
} from "./shared_parameters.ts";
import { printNote } from "../terminal/stderr.ts";

/**
 * Makes a `main` of the lesson: reads the arguments, answers `--help`, lets the
 * connections be watched, and turns what `run` throws into one line on stderr
 * and the exit code.
 */
export function defineCommand<const S extends CommandSpec>(
  spec: S,
  run: (values: Values<S>, context: CommandContext) => Promise<number>,
  loadNetwork: () => Promise<Network> = () => Promise.resolve(Deno),
): Main {
  return async (args, context) => {
    if (wantsHelp(args)) {
      printLine(helpOf(spec));
      return EXIT_OK;
    }
    let values: Values<S>;
    try {
      values = parseCommand(spec, args);
      checkTls(values);
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      return reportUsage(spec.name, error);
    }
    let sockets: Partial<Network>;
    try {
      sockets = await networkOf(values, context);
    } catch (error) {
      return report(spec.name, values, error);
    }
    const plain = await loadNetwork();
    const { connect = plain.connect, listen = plain.listen } = sockets;
    const network = {
      ...context,
      connect: notedConnect(connect),
      listen: notedListen(listen),
    };
    const attempt = async (context: CommandContext) => {
      try {
        return await runMeasured(values, context, run);
      } catch (error) {
        if (context.signal.aborted) return EXIT_INTERRUPTED;
        if (error instanceof OutputClosedError) return EXIT_FAILED;
        return report(spec.name, values, error);
      }
    };
    return await runWatched(spec.name, values, network, attempt);
  };
}

/** Where the sockets come from, unless they are plain ones. */
async function networkOf(
  values: object,
  context: Context,
): Promise<Partial<Network>> {
  const { tls }: TlsValues = values;
  if (!tls) return context;
  // Loaded by who wants it, as the next one.
  const { tlsNetwork } = await import("./tls_network.ts");
  return await tlsNetwork(values);
}

/** Runs a server, and tells what it counts where that was asked for. */
async function runMeasured<V extends object>(
  values: V,
  context: CommandContext,
  run: (values: V, context: CommandContext) => Promise<number>,
): Promise<number> {
  const { metrics: port }: MetricsValues = values;
  if (port === undefined) return await run(values, context);
  const { measured } = await import("./metrics_page.ts");
  return await measured(
    port,
    (metrics) => run(values, { ...context, metrics }),
  );
}

/** Runs `attempt`, and watches its connections where that was asked for. */
async function runWatched(
  name: string,
  values: object,
  context: CommandContext,
  attempt: (context: CommandContext) => Promise<number>,
): Promise<number> {
  const { trace, diagram }: WatchValues = values;
  if ((trace ?? diagram ?? context.watcher) === undefined) {
    return await attempt(context);
  }
  try {
    // Loaded by who watches; the others do not wait for it.
    const { watched } = await import("./trace/watch.ts");
    return await watched({ name, trace, diagram }, context, attempt);
  } catch (error) {
    return report(name, values, error);
  }
}

/** `--help` or `-h` anywhere before `--`. */
export function wantsHelp(args: readonly string[]): boolean {
  const dashes = args.indexOf("--");
  const words = dashes < 0 ? args : args.slice(0, dashes);
  return words.includes("--help") || words.includes("-h");
}

function report(name: string, values: object, error: unknown): number {
  if (error instanceof UsageError) return reportUsage(name, error);
  const place: ErrorContext = { doing: undefined, ...values };
  printNote(`${name}: ${formatExplanation(explainError(error, place))}`);
  return EXIT_FAILED;
}

function reportUsage(name: string, error: UsageError): number {
  printNote(`${name}: ${error.message} (see ${name} --help)`);
  return EXIT_USAGE;
}
