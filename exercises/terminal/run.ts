import { EXIT_INTERRUPTED } from "./exit_codes.ts";
import type { Main } from "./main.ts";

/**
 * One Ctrl-C can arrive twice: the terminal sends SIGINT to every program in
 * the foreground, and `deno task` passes its own on to the one that it runs.
 */
const SAME_KEYPRESS_MS = 500;

/**
 * Runs an exercise as a program: the first Ctrl-C asks it to end in order
 * (SIGTERM does the same), a second one ends it at once.
 */
export async function runMain(
  main: Main,
  args: string[] = Deno.args,
): Promise<never> {
  const stop = new AbortController();
  let stoppedMs = 0;
  const onSignal = () => {
    const now = performance.now();
    if (!stop.signal.aborted) {
      stoppedMs = now;
      stop.abort(new DOMException("Interrupted", "AbortError"));
    } else if (now - stoppedMs > SAME_KEYPRESS_MS) Deno.exit(EXIT_INTERRUPTED);
  };
  Deno.addSignalListener("SIGINT", onSignal);
  // Windows has no SIGTERM to listen to.
  if (Deno.build.os !== "windows") Deno.addSignalListener("SIGTERM", onSignal);
  // A read of the keyboard may still wait: it cannot be taken back, and would
  // keep the process alive.
  Deno.exit(await main(args, { signal: stop.signal }));
}
