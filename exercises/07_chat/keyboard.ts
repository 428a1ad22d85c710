import { emitKeypressEvents, type Interface, type Key } from "node:readline";
import { PassThrough } from "node:stream";
import { withoutControls } from "../../protocol/text.ts";

/** Where a line ends within the line being typed: U+2424, seen as NL. */
export const LINE_END = "\u2424";

const segmenter = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/**
 * Gives what a terminal in raw mode sends to `editor`, as keys. A read can end
 * anywhere: in a character, or in the sequence that stands for a key.
 */
export class Keyboard {
  readonly #editor: Interface;
  readonly #decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  readonly #keys = new PassThrough();
  /** Typed or pasted, and not handed on yet. */
  #text = "";
  #pasting = false;
  /** The next key is the end of a mark of a paste. */
  #tilde = false;
  #closed = false;

  constructor(editor: Interface) {
    this.#editor = editor;
    editor.once("close", () => this.#closed = true);
    emitKeypressEvents(this.#keys);
    this.#keys.on("keypress", this.#onKey);
  }

  type(bytes: Uint8Array): void {
    this.#keys.emit("data", this.#decoder.decode(bytes, { stream: true }));
    if (!this.#pasting) this.#handOn();
  }

  readonly #onKey = (typed = "", key: Key) => {
    const { sequence = "", name, ctrl } = key;
    if (this.#tilde) this.#tilde = false;
    else if (sequence.startsWith("\x1b[200")) this.#paste(true, sequence);
    else if (sequence.startsWith("\x1b[201")) this.#paste(false, sequence);
    else if (typed === "\t" || typed >= " " && typed !== "\x7f") {
      this.#text += withoutControls(typed);
    } else if (this.#pasting) {
      if (typed === "\r" || typed === "\n") this.#text += typed;
    } else {
      this.#handOn();
      // Ctrl-Z would stop the process and leave the terminal raw; what has no
      // name would be taken for text.
      if (name === undefined || ctrl && name === "z") return;
      for (let i = this.#stepsOf(key); i > 0 && !this.#closed; i--) {
        if (ctrl && name === "w") this.#deleteWord();
        else this.#editor.write(typed, key);
      }
    }
  };

  /**
   * At the beginning and the end of a paste, which the terminal marks. Its
   * lines are not sent before Enter, and not joined to what was half typed.
   */
  #paste(begins: boolean, mark: string): void {
    this.#tilde = !mark.endsWith("~"); // Deno's parser makes two keys of it.
    this.#pasting = begins;
    if (!begins) {
      const block = this.#text.replace(/(?:\r\n?|\n)$/, "");
      const { line, cursor } = this.#editor;
      const several = /[\r\n]/.test(block);
      const above = several && cursor > 0 ? "\n" : "";
      const below = several && cursor < line.length ? "\n" : "";
      this.#text = above + block + below;
    }
    this.#handOn();
  }

  /** At once: for each character readline would measure the whole line. */
  #handOn(): void {
    const text = this.#text.replaceAll(/\r\n?|[\n\u2028\u2029]/g, LINE_END);
    if (text !== "" && !this.#closed) this.#editor.write(text);
    this.#text = "";
  }

  /** What a person takes for one character readline takes for its parts. */
  #stepsOf({ name = "", ctrl, meta }: Key): number {
    const back = name === "left" || name === "backspace";
    if (ctrl || meta || !back && name !== "right" && name !== "delete") {
      return 1;
    }
    const { line, cursor } = this.#editor;
    const one = segmenter.segment(line).containing(back ? cursor - 1 : cursor);
    return [...one?.segment ?? " "].length;
  }

  /** To readline `mañana` is three words. */
  #deleteWord(): void {
    const { line, cursor } = this.#editor;
    const before = line.slice(0, cursor).trimEnd();
    this.#editor.write("", { ctrl: true, name: "u" });
    this.#editor.write(before.slice(0, before.lastIndexOf(" ") + 1));
  }
}
