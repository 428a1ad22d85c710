import { format as formatBytes } from "@std/fmt/bytes";
import { printable } from "../../protocol/printable.ts";
import { Progress } from "../terminal/progress.ts";

/** How far a file is, while it comes; and sentences, which take that place. */
export class Display implements Disposable {
  readonly #name: string;
  #progress: Progress | null = null;

  constructor(name: string) {
    this.#name = printable(name);
  }

  readonly onProgress = (bytes: number, total: number): void =>
    this.#show(this.#name, bytes, total);

  readonly onCheck = (bytes: number, total: number): void =>
    this.#show(`Checking what is there of ${this.#name}`, bytes, total);

  readonly onNote = (sentence: string): void => {
    this[Symbol.dispose]();
    console.error(printable(sentence));
  };

  #show(label: string, bytes: number, total: number): void {
    if (this.#progress?.label !== label) {
      this[Symbol.dispose]();
      this.#progress = new Progress(label, total, formatBytes);
    }
    this.#progress!.update(bytes);
  }

  [Symbol.dispose](): void {
    this.#progress?.[Symbol.dispose]();
    this.#progress = null;
  }
}
