import { setColorEnabled } from "@std/fmt/colors";

/**
 * Colour belongs on a terminal: not in a pipe, not with NO_COLOR. A stdout that
 * is no terminal turns it off on stderr too.
 */
export function enableColorOnTerminal(stream = Deno.stdout): void {
  const terminal = Deno.stdout.isTerminal() && stream.isTerminal();
  setColorEnabled(!Deno.noColor && terminal);
}
