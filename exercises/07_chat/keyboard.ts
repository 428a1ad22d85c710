import { emitKeypressEvents, type Interface, type Key } from "node:readline";
import { PassThrough } from "node:stream";
import { withoutControls } from "../../protocol/text.ts";

const segmenter = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/**
 * Gives what a terminal in raw mode sends to `editor`, as keys. A read can end
 * anywhere: in a character, or in the sequence that stands for a key.
 */
export class Keyboard {
  readonly #editor: Interface;
  readonly #decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  readonly #keys = new PassThrough();
  /** Typed, and not handed on yet. */
  #text = "";
  #closed = false;

  constructor(editor: Interface) {
    this.#editor = editor;
    editor.once("close", () => this.#closed = true);
    emitKeypressEvents(this.#keys);
    this.#keys.on("keypress", this.#onKey);
  }

  type(bytes: Uint8Array): void {
    this.#keys.emit("data", this.#decoder.decode(bytes, { stream: true }));
    this.#handOn();
  }

  readonly #onKey = (typed: string | undefined, key: Key) => {
    if (
      typed === "\t" || typed !== undefined && typed >= " " && typed !== "\x7f"
    ) {
      this.#text += withoutControls(typed);
      return;
    }
    this.#handOn();
    // Ctrl-Z would stop the process and leave the terminal raw; what has no
    // name would be taken for text.
    if (key.name === undefined || key.ctrl && key.name === "z") return;
    for (let i = this.#stepsOf(key); i > 0 && !this.#closed; i--) {
      if (key.ctrl && key.name === "w") this.#deleteWord();
      else this.#editor.write(typed ?? "", key);
    }
  };

  /** At once: for each character readline would measure the whole line. */
  #handOn(): void {
    if (this.#text !== "" && !this.#closed) this.#editor.write(this.#text);
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
