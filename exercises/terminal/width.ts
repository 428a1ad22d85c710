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
