import { on } from "node:events";
import { createInterface, type Interface } from "node:readline";
import { PassThrough } from "node:stream";
import { printable } from "../../protocol/text.ts";
import { terminalColumns } from "../terminal/capabilities.ts";
import { stdin } from "../terminal/input.ts";
import { inRows } from "../terminal/rows.ts";
import { keepBelow, writeStderr } from "../terminal/stderr.ts";
import { printLine } from "../terminal/stdout.ts";
import { Keyboard, LINE_END } from "./keyboard.ts";

/** Bracketed paste, of xterm. */
const [PASTE_MARKS_ON, PASTE_MARKS_OFF] = ["\x1b[?2004h", "\x1b[?2004l"];

/** The terminal that this process runs in. */
const PROCESS = {
  /** What was typed, as it comes; null when the terminal is gone. */
  next: (signal: AbortSignal): Promise<Uint8Array | null> =>
    stdin().nextBytes(signal),
  /**
   * Raw: every key at once, none of them shown or acted on, and marks where a
   * paste begins and ends.
   */
  setRaw(raw: boolean): void {
    Deno.stdin.setRaw(raw);
    PROCESS.write(raw ? PASTE_MARKS_ON : PASTE_MARKS_OFF);
  },
  columns: terminalColumns,
  /** For who types: the line being typed. */
  write: writeStderr,
  /** For who reads: a line of the conversation. */
  print: (line: string): void => printLine(inRows(line)),
};

/** What the chat needs of a terminal: the real one, or one of a test. */
export type Terminal = typeof PROCESS;

const INTERRUPTED = new DOMException("Interrupted", "AbortError");
const PROMPT = "> ";
const MAX_HISTORY = 100;
const HELP = "/list: who is here. /nick <name>: take another name. " +
  "/quit or Ctrl-D: leave.";
/** Up a row; return to column 0 and erase all from there (ECMA-48). */
const [UP, ERASE] = ["\x1b[A", "\r\x1b[J"];
// deno-lint-ignore no-control-regex
const CLIMB = /^\x1b\[\d+A/;
/** The size, or all that was shown, has changed. Windows has neither. */
const REDRAW_ON = Deno.build.os === "windows"
  ? []
  : ["SIGWINCH", "SIGCONT"] as const;

/**
 * A `Screen`: the conversation, and under it the line that is being typed. What
 * comes is printed in place of that line, which is then drawn again below.
 */
export class TerminalScreen {
  readonly #terminal: Terminal;
  /** Keeps what readline writes until it is read. */
  readonly #output = Object.assign(
    new PassThrough({ encoding: "utf8", highWaterMark: 2 ** 30 }),
    { columns: 0 },
  );
  readonly #interruption = new AbortController();
  /** Null when nothing is typed any more, or not yet. */
  #editor: Interface | null = null;
  /** In which row of the line the cursor is; null: it is off the screen. */
  #drawnRow: number | null = null;
  #drawTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(terminal: Terminal = PROCESS) {
    this.#terminal = terminal;
  }

  get interruption(): AbortSignal {
    return this.#interruption.signal;
  }

  async *lines(signal: AbortSignal): AsyncGenerator<string> {
    const over = new AbortController();
    const editor = this.#open(over);
    // Keys are read while a line is being sent, too: one of them is Ctrl-C.
    void this.#readKeys(editor, AbortSignal.any([signal, over.signal]));
    try {
      const typed = on(editor, "line", { signal: over.signal });
      for await (const [block] of typed) {
        for (const line of block.split(LINE_END)) {
          if (line.trim() === "/help") this.#help();
          else yield line;
        }
      }
    } catch (error) {
      if (!over.signal.aborted) throw error;
    } finally {
      editor.close();
    }
  }

  show(line: string): void {
    this.erase();
    this.#terminal.print(printable(line));
    this.draw();
  }

  /** For a terminal of another size, or one that others have written on. */
  readonly redraw = (): void => {
    if (this.#editor === null) return;
    // Who stopped this process has had the terminal for itself.
    this.#terminal.setRaw(true);
    this.#output.columns = this.#terminal.columns();
    // It has broken the line into more rows, or fewer.
    if (this.#drawnRow !== null) {
      this.#drawnRow = this.#editor.getCursorPos().rows;
    }
    this.#draw();
  };

  /** Where lines are edited until its end, which fires `over`. */
  #open(over: AbortController): Interface {
    this.#output.columns = this.#terminal.columns();
    const editor = createInterface({
      // Its keys come from `Keyboard`: this stream stays empty.
      input: new PassThrough(),
      output: this.#output,
      terminal: true,
      prompt: PROMPT,
      historySize: MAX_HISTORY,
    });
    // It stays where it is, as a part of the conversation.
    editor.on("line", (block) => {
      this.erase();
      for (const line of block.split(LINE_END)) {
        this.#terminal.write(`${PROMPT}${line}\n`);
      }
    });
    editor.on("SIGINT", () => {
      this.#interruption.abort(INTERRUPTED);
      editor.close();
    });
    // Ctrl-C is a signal again, and a shell's prompt starts on a clean row.
    const below = keepBelow(this);
    editor.on("close", () => {
      below[Symbol.dispose]();
      over.abort();
      this.erase();
      this.#editor = null;
      for (const name of REDRAW_ON) {
        Deno.removeSignalListener(name, this.redraw);
      }
      this.#terminal.setRaw(false);
    });
    for (const name of REDRAW_ON) Deno.addSignalListener(name, this.redraw);
    this.#terminal.setRaw(true);
    this.#editor = editor;
    this.#draw();
    return editor;
  }

  /** Until the end of input, Ctrl-C or `signal`. Never rejects. */
  async #readKeys(editor: Interface, signal: AbortSignal): Promise<void> {
    const keyboard = new Keyboard(editor);
    try {
      for (;;) {
        const bytes = await this.#terminal.next(signal);
        if (bytes === null) break;
        keyboard.type(bytes);
        this.#draw();
      }
    } catch (error) {
      if (!signal.aborted) return void editor.emit("error", error);
    }
    editor.close();
  }

  #help(): void {
    this.erase();
    this.#terminal.write(`${HELP}\n`);
    this.#draw();
  }

  /** Below all that has come with it, and once. */
  draw(): void {
    clearTimeout(this.#drawTimer);
    if (this.#editor) this.#drawTimer = setTimeout(() => this.#draw(), 0);
  }

  #draw(): void {
    this.erase();
    if (this.#editor === null) return;
    this.#output.read(); // Nobody has to see what keys made it write.
    this.#output.emit("resize");
    // Before it draws it goes up from where it believes the cursor to be. (It
    // loses count of the rows when text wraps.) We know, and are there.
    const drawn = String(this.#output.read()).replace(CLIMB, "");
    this.#drawnRow = this.#editor.getCursorPos().rows;
    this.#terminal.write(drawn);
  }

  erase(): void {
    clearTimeout(this.#drawTimer);
    if (this.#drawnRow === null) return;
    this.#terminal.write(UP.repeat(this.#drawnRow) + ERASE);
    this.#drawnRow = null;
  }
}
