import { printable } from "../../protocol/text.ts";
import { stdinLines } from "../terminal/input.ts";
import { streamLine } from "../terminal/stdout.ts";
import type { Screen } from "./screen.ts";

/** A terminal is edited on; from a pipe come lines. */
export async function openScreen(): Promise<Screen> {
  // Without stderr on it there is nowhere to show what is typed.
  if (Deno.stdin.isTerminal() && Deno.stderr.isTerminal()) {
    // The editor takes as long to load as Deno to start.
    const { EditorScreen } = await import("./editor_screen.ts");
    const { processTerminal } = await import("./terminal.ts");
    return new EditorScreen(processTerminal);
  }
  return {
    lines: (signal) => stdinLines().lines(signal),
    show: (line) => streamLine(printable(line)),
    interruption: new AbortController().signal,
  };
}
