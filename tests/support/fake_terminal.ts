import type { Terminal } from "../../exercises/07_chat/terminal_screen.ts";

/** Escape sequences of ECMA-48, wide characters, all others. */
const NEXT = // deno-lint-ignore no-control-regex
  /\x1b\[\??(?<count>\d*)(?<final>[A-Za-z])|(?<wide>[\u3000-\ud7ff])|[^]/gsu;

/**
 * A terminal that shows what is written to it, and has a person type. A line
 * that wraps is one line still: it wraps elsewhere when the width is another.
 */
export class FakeTerminal implements Terminal {
  raw = false;
  readonly printed: string[] = [];
  /** Cells; the second one of a wide character is empty. */
  readonly #lines: string[][] = [[]];
  #line = 0;
  #offset = 0;
  readonly #typed: (Uint8Array | null)[] = [];
  #wake = () => {};
  #read = () => {};

  constructor(public width = 80) {}

  /** Types, and waits until it was read and nothing is left to do. */
  async type(...keys: (string | Uint8Array | null)[]): Promise<void> {
    for (const key of keys) {
      const bytes = typeof key === "string"
        ? new TextEncoder().encode(key)
        : key;
      const read = new Promise<void>((resolve) => this.#read = resolve);
      this.#typed.push(bytes);
      this.#wake();
      // At the end of input nobody reads on.
      if (key !== null) await read;
    }
  }

  /** The rows as one sees them, without what is blank below. */
  get rows(): string[] {
    const rows: string[] = [];
    for (const line of this.#lines) {
      for (let at = 0; at === 0 || at < line.length; at += this.width) {
        rows.push(line.slice(at, at + this.width).join("").trimEnd());
      }
    }
    while (rows.at(-1) === "") rows.pop();
    return rows;
  }

  /** Where the cursor is: column, and row counted from the last of `rows`. */
  get cursor(): [column: number, rowsUp: number] {
    let row = Math.floor(this.#offset / this.width);
    for (const line of this.#lines.slice(0, this.#line)) {
      row += Math.max(1, Math.ceil(line.length / this.width));
    }
    return [this.#offset % this.width, this.rows.length - 1 - row];
  }

  async next(signal: AbortSignal): Promise<Uint8Array | null> {
    this.#read();
    const stopped = new Promise<never>((_, reject) => {
      const stop = () => reject(signal.reason);
      if (signal.aborted) stop();
      signal.addEventListener("abort", stop);
    });
    while (this.#typed.length === 0) {
      const woken = new Promise<void>((resolve) => this.#wake = resolve);
      await Promise.race([woken, stopped]);
    }
    signal.throwIfAborted();
    return this.#typed.shift()!;
  }

  setRaw(raw: boolean): void {
    this.raw = raw;
  }

  columns(): number {
    return this.width;
  }

  print(line: string): void {
    this.printed.push(line);
    this.write(`${line}\n`);
  }

  write(text: string): void {
    for (const { 0: part, groups } of text.matchAll(NEXT)) {
      const { count = "", final, wide } = groups!;
      if (final !== undefined) this.#control(final, Number(count));
      else if (part === "\r") this.#offset = this.#rowStart;
      else if (part === "\n") this.#down();
      else {
        const cells = wide === undefined ? [part] : [part, ""];
        const fits = this.#offset % this.width + cells.length <= this.width;
        if (!fits) cells.unshift(" ");
        this.#lines[this.#line]!.splice(this.#offset, cells.length, ...cells);
        this.#offset += cells.length;
      }
    }
  }

  get #rowStart(): number {
    return this.#offset - this.#offset % this.width;
  }

  #control(final: string, count: number): void {
    switch (final) {
      case "A":
        for (let i = 0; i < (count || 1); i++) this.#up();
        break;
      case "G":
        this.#offset = this.#rowStart + count - 1;
        break;
      case "J":
        this.#lines[this.#line]!.length = this.#offset;
        this.#lines.length = this.#line + 1;
    }
  }

  #up(): void {
    if (this.#offset >= this.width) this.#offset -= this.width;
    else if (this.#line > 0) {
      const { length } = this.#lines[--this.#line]!;
      const rows = Math.max(1, Math.ceil(length / this.width));
      this.#offset += (rows - 1) * this.width;
    }
  }

  #down(): void {
    const line = this.#lines[this.#line]!;
    const below = this.#rowStart + this.width;
    if (below < line.length) this.#offset = below;
    else {
      this.#offset = 0;
      this.#lines[++this.#line] ??= [];
    }
  }
}
