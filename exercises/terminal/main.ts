import type { CommandSpec } from "./command_spec.ts";

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
}

/** The entry of an exercise: words in, exit code out, never `Deno.exit`. */
export type Main = (args: string[], context: Context) => Promise<number>;

/** A command, with what loads it. */
export interface Runnable extends CommandSpec {
  /** Loads the script. Lazy: `--help` needs none of them. */
  load: () => Promise<{ main: Main }>;
}
