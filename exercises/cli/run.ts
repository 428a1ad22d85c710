import { OutputClosedError } from "../terminal/stdout.ts";
import type { Main } from "./command_spec.ts";
import { explainError, formatExplanation } from "./explain_error.ts";
import { EXIT_FAILED, EXIT_INTERRUPTED } from "./outcome.ts";
import { printNote } from "../terminal/stderr.ts";

/**
 * One Ctrl-C can arrive twice: the terminal sends SIGINT to every program in
 * the foreground, and `deno task` passes its own on to the one that it runs. So
 * can a SIGTERM that a supervisor sends to all of a group.
 */
const SAME_SIGNAL_MS = 500;

/**
 * Whoever is told to stop says goodbye in less. What takes longer waits for
 * somebody who does not read: a pager, say.
 */
const STOP_MS = 3000;

/**
 * What asks a program to stop, beside Ctrl-C: a supervisor, and a terminal that
 * is closed. Windows has no SIGTERM to listen to.
 */
const STOP_SIGNALS: readonly Deno.Signal[] = Deno.build.os === "windows"
  ? []
  : ["SIGTERM", "SIGHUP"];

/**
 * Runs an exercise as a program: the first Ctrl-C asks it to end in order
 * (SIGTERM and SIGHUP do the same), a second one ends it at once.
 */
export async function runMain(
  main: Main,
  args: string[] = Deno.args,
): Promise<never> {
  const stop = new AbortController();
  let intercept: (() => void) | null = null;
  let lastMs = -Infinity;
  const onStop = () => {
    if (stop.signal.aborted) Deno.exit(EXIT_INTERRUPTED);
    setTimeout(() => Deno.exit(EXIT_INTERRUPTED), STOP_MS);
    stop.abort(new DOMException("Interrupted", "AbortError"));
  };
  const isRepeated = () => {
    const now = performance.now();
    const repeated = now - lastMs < SAME_SIGNAL_MS;
    if (!repeated) lastMs = now;
    return repeated;
  };
  Deno.addSignalListener("SIGINT", () => {
    if (!isRepeated()) (intercept ?? onStop)();
  });
  for (const signal of STOP_SIGNALS) {
    Deno.addSignalListener(signal, () => {
      if (!isRepeated()) onStop();
    });
  }
  const interceptInterrupt = (handler: () => void) => {
    intercept = handler;
    return { [Symbol.dispose]: () => void (intercept = null) };
  };
  const context = { signal: stop.signal, interceptInterrupt };
  // A read of the keyboard may still wait: it cannot be taken back, and would
  // keep the process alive.
  Deno.exit(await main(args, context).catch(tellWhy));
}

/** `--help | head -1`: who has read enough is no error. A full disk is one. */
function tellWhy(error: unknown): number {
  if (error instanceof OutputClosedError) return EXIT_FAILED;
  // Only what the system says is explained: a fault of ours shows its stack.
  if (!(error as { code?: string }).code) throw error;
  printNote(`tcplab: ${formatExplanation(explainError(error))}`);
  return EXIT_FAILED;
}
