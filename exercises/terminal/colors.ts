import { setColorEnabled } from "@std/fmt/colors";

/** Colour belongs on a terminal: not in a pipe, not with NO_COLOR. */
export function enableColorOnTerminal(stream = Deno.stdout): void {
  setColorEnabled(!Deno.noColor && stream.isTerminal());
}
