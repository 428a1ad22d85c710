/** A key that does something, as opposed to one that stands for itself. */
export type KeyName =
  | "enter"
  | "backspace"
  | "delete"
  | "left"
  | "right"
  | "home"
  | "end"
  | "up"
  | "down"
  | "deleteToStart"
  | "deleteToEnd"
  | "deleteWord"
  | "endOfInput"
  | "interrupt"
  | "redraw";

export type Key = { name: KeyName } | { text: string };

/** What a terminal sends for the keys that are no characters (ECMA-48, VT). */
const SEQUENCES: Record<string, KeyName> = {
  "\r": "enter",
  "\n": "enter",
  "\x7f": "backspace",
  "\b": "backspace",
  "\x01": "home", // Ctrl-A
  "\x02": "left", // Ctrl-B
  "\x03": "interrupt", // Ctrl-C
  "\x04": "endOfInput", // Ctrl-D
  "\x05": "end", // Ctrl-E
  "\x06": "right", // Ctrl-F
  "\x0b": "deleteToEnd", // Ctrl-K
  "\x0c": "redraw", // Ctrl-L
  "\x0e": "down", // Ctrl-N
  "\x10": "up", // Ctrl-P
  "\x15": "deleteToStart", // Ctrl-U
  "\x17": "deleteWord", // Ctrl-W
  "\x1b[A": "up",
  "\x1b[B": "down",
  "\x1b[C": "right",
  "\x1b[D": "left",
  "\x1b[H": "home",
  "\x1b[F": "end",
  "\x1b[1~": "home",
  "\x1b[3~": "delete",
  "\x1b[4~": "end",
  "\x1b[7~": "home",
  "\x1b[8~": "end",
  "\x1bOA": "up",
  "\x1bOB": "down",
  "\x1bOC": "right",
  "\x1bOD": "left",
  "\x1bOH": "home",
  "\x1bOF": "end",
};

/** A run of text, a key sequence, a control character. */
const NEXT =
  // deno-lint-ignore no-control-regex
  /^(?:[^\x00-\x08\x0a-\x1f\x7f]+|\x1b(?:\[\[.|\[[0-?]*[ -/]*[@-Z\\-~]|O.|[^[O\x1b])|[^\x1b])/su;

/** The beginning of a key sequence: the rest comes with the next read. */
const BEGUN =
  // deno-lint-ignore no-control-regex
  /^\x1b(?:\[\[?|\[[0-?]{1,32}[ -/]{0,8}|O)?$/;

/**
 * The rest of a sequence comes at once, over a slow network too. What comes
 * later was typed: the Escape before it was the key of that name.
 */
const SEQUENCE_MS = 100;

/**
 * Makes keys of the bytes that a terminal in raw mode sends. A read can end
 * anywhere: in a character, or in the sequence that stands for a key.
 */
export class KeyReader {
  readonly #decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  readonly #now: () => number;
  #rest = "";
  #lastMs = 0;

  /** `now` is a clock in ms. */
  constructor(now = () => performance.now()) {
    this.#now = now;
  }

  read(bytes: Uint8Array): Key[] {
    const now = this.#now();
    if (now - this.#lastMs > SEQUENCE_MS) this.#rest = "";
    this.#lastMs = now;
    this.#rest += this.#decoder.decode(bytes, { stream: true });
    const keys: Key[] = [];
    while (this.#rest !== "" && !BEGUN.test(this.#rest)) {
      // What begins like a sequence and is none loses its escape.
      const part = NEXT.exec(this.#rest)?.[0] ?? "\x1b";
      this.#rest = this.#rest.slice(part.length);
      const name = SEQUENCES[part];
      if (name !== undefined) keys.push({ name });
      else if (part >= " " || part.startsWith("\t")) keys.push({ text: part });
    }
    return keys;
  }
}
