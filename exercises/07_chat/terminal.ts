import { terminalColumns } from "../terminal/capabilities.ts";
import { stdinBytes } from "../terminal/input.ts";
import { printLine } from "../terminal/stdout.ts";

/** What the chat needs of a terminal: the real one, or one of a test. */
export interface Terminal {
  /** What was typed, as it comes; null when the terminal is gone. */
  next(signal: AbortSignal): Promise<Uint8Array | null>;
  /** Raw: every key at once, none of them shown or acted on. */
  setRaw(raw: boolean): void;
  columns(): number;
  /** Calls `redraw` when the size, or all that was shown, has changed. */
  onChange(redraw: () => void): Disposable;
  /** For who types: the prompt. */
  write(text: string): void;
  /** For who reads: a line of the conversation. */
  print(line: string): void;
}

const encoder = new TextEncoder();

/** The terminal that this process runs in: keys from stdin, prompt on stderr. */
export const processTerminal: Terminal = {
  next: (signal) => stdinBytes().next(signal),
  setRaw(raw) {
    Deno.stdin.setRaw(raw);
    // Whatever ends the process: a shell in raw mode is of no use.
    if (raw) globalThis.addEventListener("unload", leaveRaw);
    else globalThis.removeEventListener("unload", leaveRaw);
  },
  columns: terminalColumns,
  onChange(redraw) {
    // Windows has neither signal.
    if (Deno.build.os === "windows") return { [Symbol.dispose]() {} };
    const onContinue = () => {
      // Whoever stopped this process has had the terminal for itself.
      Deno.stdin.setRaw(true);
      redraw();
    };
    Deno.addSignalListener("SIGWINCH", redraw);
    Deno.addSignalListener("SIGCONT", onContinue);
    return {
      [Symbol.dispose]() {
        Deno.removeSignalListener("SIGWINCH", redraw);
        Deno.removeSignalListener("SIGCONT", onContinue);
      },
    };
  },
  write: (text) => void Deno.stderr.writeSync(encoder.encode(text)),
  print: printLine,
};

function leaveRaw(): void {
  Deno.stdin.setRaw(false);
}
