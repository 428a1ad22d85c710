import { printable } from "../../protocol/text.ts";
import { ExerciseError } from "../cli/mod.ts";
import { isDumb } from "../terminal/capabilities.ts";
import { stdin } from "../terminal/input.ts";
import { inRows } from "../terminal/rows.ts";
import { streamLine } from "../terminal/stdout.ts";

/** Where a conversation is typed and read. */
export interface Screen {
  /** The lines that are typed, until the end of input or Ctrl-C. */
  lines(signal: AbortSignal): AsyncIterable<string>;
  /** Shows a line of the conversation. */
  show(line: string): Promise<void> | void;
  /** Fires on Ctrl-C where that is a key. */
  readonly interruption: AbortSignal;
  /**
   * The conversation is over.
   *
   * @throws {ExerciseError} The server has refused something, and nobody sat
   * there to see it.
   */
  end?(): void;
}

/** A terminal is edited on; from a pipe come lines. */
export async function plainScreen(): Promise<Screen> {
  // Without stderr on it there is nowhere to show what is typed.
  const terminal = Deno.stdin.isTerminal() && Deno.stderr.isTerminal();
  if (terminal && !isDumb()) {
    // node:readline takes longer to load than Deno to start.
    const { TerminalScreen } = await import("./terminal_screen.ts");
    return new TerminalScreen();
  }
  let refused = false;
  return {
    lines: (signal) => stdin().lines(signal),
    show(line) {
      refused ||= line.startsWith("! ");
      return streamLine(inRows(printable(line)));
    },
    interruption: new AbortController().signal,
    end() {
      if (!refused) return;
      throw new ExerciseError(
        "The server refused something: its lines that begin with ! say what",
      );
    },
  };
}
