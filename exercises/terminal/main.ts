/** What `main.ts`, the menu or the script itself hands to an exercise. */
export interface Context {
  /** Fires on Ctrl-C (SIGINT) and SIGTERM. */
  signal: AbortSignal;
}

/** The entry of an exercise: words in, exit code out, never `Deno.exit`. */
export type Main = (args: string[], context: Context) => Promise<number>;
