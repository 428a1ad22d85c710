import { withoutControls } from "../../protocol/text.ts";
import {
  firstColumns,
  firstGrapheme,
  lastColumns,
  lastGrapheme,
  widthOf,
} from "../terminal/graphemes.ts";
import type { Key, KeyName } from "./keys.ts";

/** What follows from a key, beside the line being another. */
export type Action = "none" | "enter" | "endOfInput" | "interrupt";

/** One row of a terminal, and the column of the cursor in it. */
export interface Row {
  text: string;
  cursor: number;
}

const MAX_HISTORY = 100;

/**
 * The line that is being typed: state and nothing else, no terminal. The
 * cursor stands between two graphemes.
 */
export class LineEditor {
  #before = "";
  #after = "";
  readonly #history: string[] = [];
  /** Which line of the history is shown; its length: the new one. */
  #shown = 0;
  /** What the new one was when the history was entered. */
  #draft = "";

  get text(): string {
    return this.#before + this.#after;
  }

  onKey(key: Key): Action {
    if ("text" in key) {
      this.#before += withoutControls(key.text);
      return "none";
    }
    return this.#onNamedKey(key.name);
  }

  /** The line, which is empty then, and remembered. */
  take(): string {
    const line = this.text;
    this.#set("");
    if (line.trim() !== "" && line !== this.#history.at(-1)) {
      this.#history.push(line);
      if (this.#history.length > MAX_HISTORY) this.#history.shift();
    }
    this.#shown = this.#history.length;
    this.#draft = "";
    return line;
  }

  /**
   * `prompt` and as much of the line, around the cursor, as `columns` hold
   * without touching the last one, where terminals begin a new row.
   */
  render(prompt: string, columns: number): Row {
    const room = Math.max(1, columns - 1 - widthOf(prompt));
    const ahead = widthOf(firstColumns(this.#after, Math.floor(room / 4)));
    const before = lastColumns(this.#before, room - ahead);
    const after = firstColumns(this.#after, room - widthOf(before));
    return {
      text: (prompt + before + after).replaceAll("\t", " "),
      cursor: widthOf(prompt + before),
    };
  }

  #onNamedKey(name: KeyName): Action {
    const before = this.#before;
    const after = this.#after;
    // All but the grapheme on this side of the cursor.
    const end = before.length - lastGrapheme(before).length;
    const beginning = before.slice(0, end);
    const rest = after.slice(firstGrapheme(after).length);
    switch (name) {
      case "enter":
      case "interrupt":
        return name;
      case "endOfInput":
        return this.text === "" ? name : this.#set(before, rest);
      case "delete":
        return this.#set(before, rest);
      case "backspace":
        return this.#set(beginning, after);
      case "left":
        return this.#set(beginning, before.slice(end) + after);
      case "right":
        return this.#set(before + firstGrapheme(after), rest);
      case "home":
        return this.#set("", before + after);
      case "end":
        return this.#set(before + after);
      case "deleteToStart":
        return this.#set("", after);
      case "deleteToEnd":
        return this.#set(before);
      case "deleteWord":
        return this.#set(before.replace(/\S*\s*$/, ""), after);
      case "up":
        return this.#show(this.#shown - 1);
      case "down":
        return this.#show(this.#shown + 1);
      case "redraw":
        return "none";
      default:
        return name satisfies never;
    }
  }

  #set(before: string, after = ""): Action {
    this.#before = before;
    this.#after = after;
    return "none";
  }

  #show(index: number): Action {
    if (index < 0 || index > this.#history.length) return "none";
    if (this.#shown === this.#history.length) this.#draft = this.text;
    this.#shown = index;
    return this.#set(this.#history[index] ?? this.#draft);
  }
}
