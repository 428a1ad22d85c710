import { setColorEnabled } from "@std/fmt/colors";

/**
 * Colour belongs on a terminal: not in a pipe, not with NO_COLOR. A stdout that
 * is no terminal turns it off on stderr too.
 */
export function enableColorOnTerminal(stream = Deno.stdout): void {
  const terminal = Deno.stdout.isTerminal() && stream.isTerminal();
  setColorEnabled(!Deno.noColor && terminal);
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
