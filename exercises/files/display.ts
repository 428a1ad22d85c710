import { format as formatBytes } from "@std/fmt/bytes";
import { printable } from "../../protocol/printable.ts";
import { Progress } from "../terminal/progress.ts";

/** How far a file is, while it comes; and sentences, which take its place. */
export class Display implements Disposable {
  readonly #name: string;
  #progress: Progress | null = null;

  constructor(name: string) {
    this.#name = printable(name);
  }

  readonly onProgress = (bytes: number, total: number): void => {
    this.#progress ??= new Progress(this.#name, total, formatBytes);
    this.#progress.update(bytes);
  };

  readonly onNote = (sentence: string): void => {
    this[Symbol.dispose]();
    console.error(printable(sentence));
  };

  [Symbol.dispose](): void {
    this.#progress?.[Symbol.dispose]();
    this.#progress = null;
  }
}
