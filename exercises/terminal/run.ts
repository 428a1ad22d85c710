import { EXIT_INTERRUPTED } from "./exit_codes.ts";
import type { Main } from "./main.ts";

/**
 * Runs an exercise as a program: the first Ctrl-C asks it to end in order
 * (SIGTERM does the same), a second one ends it at once.
 */
export async function runMain(
  main: Main,
  args: string[] = Deno.args,
): Promise<never> {
  const stop = new AbortController();
  const onSignal = () => {
    if (stop.signal.aborted) Deno.exit(EXIT_INTERRUPTED);
    stop.abort(new DOMException("Interrupted", "AbortError"));
  };
  Deno.addSignalListener("SIGINT", onSignal);
  // Windows has no SIGTERM to listen to.
  if (Deno.build.os !== "windows") Deno.addSignalListener("SIGTERM", onSignal);
  // A read of the keyboard may still wait: it cannot be taken back, and would
  // keep the process alive.
  Deno.exit(await main(args, { signal: stop.signal }));
}
