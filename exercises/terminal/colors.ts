import { setColorEnabled } from "@std/fmt/colors";

/** Colour belongs on a terminal: not in a pipe, not with NO_COLOR. */
export function enableColorOnTerminal(): void {
  setColorEnabled(!Deno.noColor && Deno.stdout.isTerminal());
}
