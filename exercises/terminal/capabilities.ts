import { setColorEnabled } from "@std/fmt/colors";

/**
 * Whether `stream` takes escape sequences. A pipe does not, nor does a terminal
 * that calls itself dumb; with NO_COLOR, or where stdout is no terminal, nobody
 * wants them.
 */
export function takesEscapes(stream = Deno.stdout): boolean {
  const terminal = Deno.stdout.isTerminal() && stream.isTerminal();
  return terminal && !Deno.noColor && !isDumb();
}

/**
 * Whether the terminal is one that only prints. Without `--allow-env=TERM` it
 * is none: that is not worth a question.
 */
export function isDumb(): boolean {
  const { state } = Deno.permissions.querySync({
    name: "env",
    variable: "TERM",
  });
  return state === "granted" && Deno.env.get("TERM") === "dumb";
}

/** Colour for what goes to `stream`, if it takes any. */
export function enableColorOnTerminal(stream = Deno.stdout): void {
  setColorEnabled(takesEscapes(stream));
}

const DEFAULT_COLUMNS = 80;

/** How wide the terminal is, in columns; 80 where it does not say. */
export function terminalColumns(): number {
  try {
    // Some pseudo-terminals say 0.
    return Deno.consoleSize().columns || DEFAULT_COLUMNS;
  } catch {
    return DEFAULT_COLUMNS;
  }
}
