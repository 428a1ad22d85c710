import { printable } from "../../protocol/text.ts";
import { widthOf } from "../terminal/graphemes.ts";
import { KeyReader } from "./keys.ts";
import { LineEditor, type Row } from "./line_editor.ts";
import { LineQueue } from "./line_queue.ts";
import type { Screen } from "./screen.ts";
import type { Terminal } from "./terminal.ts";

const INTERRUPTED = new DOMException("Interrupted", "AbortError");
const PROMPT = "> ";
/** Return to column 0, erase to the end of the row (ECMA-48 EL). */
const ERASE = "\r\x1b[K";
const [UP, DOWN] = ["\x1b[A", "\x1b[B"];

/**
 * The conversation, and under it the row in which a line is typed. What comes
 * is printed in place of that row, which is then drawn again below.
 */
export class EditorScreen implements Screen {
  readonly #terminal: Terminal;
  readonly #editor = new LineEditor();
  readonly #interruption = new AbortController();
  #editing = false;
  /** The row that is on the screen. */
  #drawn: Row | null = null;
  #drawTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  get interruption(): AbortSignal {
    return this.#interruption.signal;
  }

  async *lines(signal: AbortSignal): AsyncGenerator<string> {
    using _change = this.#terminal.onChange(() => this.#draw());
    const over = new AbortController();
    const typed = new LineQueue();
    this.#terminal.setRaw(true);
    this.#editing = true;
    try {
      this.#draw();
      // Keys are read while a line is being sent, too: one of them is Ctrl-C.
      void this.#readKeys(AbortSignal.any([signal, over.signal]), typed);
      yield* typed;
    } finally {
      over.abort();
      // Ctrl-C is a signal again, and a shell's prompt starts on a clean row.
      this.#editing = false;
      this.#terminal.setRaw(false);
      this.#erase();
    }
  }

  show(line: string): void {
    this.#erase();
    // At once: a key that is typed meanwhile would draw its row above.
    this.#terminal.print(printable(line));
    // Below all that has come with it, and once.
    if (this.#editing) this.#drawTimer = setTimeout(() => this.#draw(), 0);
  }

  /** Until the end of input, Ctrl-C or `signal`. Never rejects. */
  async #readKeys(signal: AbortSignal, typed: LineQueue): Promise<void> {
    const keys = new KeyReader();
    try {
      for (;;) {
        const bytes = await this.#terminal.next(signal);
        if (bytes === null) return typed.end();
        for (const key of keys.read(bytes)) {
          const action = this.#editor.onKey(key);
          if (action === "interrupt") this.#interruption.abort(INTERRUPTED);
          if (action === "interrupt" || action === "endOfInput") {
            return typed.end();
          }
          if (action === "enter") typed.push(this.#take());
        }
        this.#draw();
      }
    } catch (error) {
      typed.end(error);
    }
  }

  /** What was typed, which stays where it is, as a part of the conversation. */
  #take(): string {
    const line = this.#editor.take();
    this.#erase();
    this.#terminal.write(`${PROMPT}${line}\r\n`);
    return line;
  }

  #draw(): void {
    this.#erase();
    if (!this.#editing) return;
    const columns = this.#terminal.columns();
    this.#drawn = this.#editor.render(PROMPT, columns);
    const { text, cursor } = this.#drawn;
    this.#terminal.write(`${text}\r\x1b[${cursor}C`);
  }

  #erase(): void {
    clearTimeout(this.#drawTimer);
    if (this.#drawn === null) return;
    // A terminal that has become narrower has broken the row into several.
    const columns = this.#terminal.columns();
    const above = Math.floor(this.#drawn.cursor / columns);
    const last = Math.floor((widthOf(this.#drawn.text) - 1) / columns);
    const rows = Math.max(above, last);
    this.#terminal.write(
      DOWN.repeat(rows - above) + (ERASE + UP).repeat(rows) + ERASE,
    );
    this.#drawn = null;
  }
}
