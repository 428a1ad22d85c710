import { format as formatBytes } from "@std/fmt/bytes";
import { bold } from "@std/fmt/colors";
import type { FileEntry, Refusal } from "../../protocol/files.ts";
import { counted, jsonLine, printable, quote } from "../../protocol/text.ts";
import { ExerciseError } from "../cli/outcome.ts";
import { enableColorOnTerminal } from "../terminal/capabilities.ts";
import { Progress } from "../terminal/progress.ts";
import { streamLine } from "../terminal/stdout.ts";
import type { Fetched, FileClient } from "./file_client.ts";
import { printNote } from "../terminal/stderr.ts";

/**
 * Sizes and names in columns; `numbered`, so that one can be chosen. The names
 * come last: they may have any width.
 */
export function formatTable(
  files: readonly FileEntry[],
  { numbered = false } = {},
): string {
  const sizes = files.map(({ size }) => formatBytes(size));
  const width = sizes.reduce(
    (widest, { length }) => Math.max(widest, length),
    "Size".length,
  );
  const digits = String(files.length).length;
  const row = (number: string, size: string, name: string) =>
    (numbered ? `${number.padStart(digits)}  ` : "") +
    `${size.padStart(width)}  ${name}`;
  const rows = files.map(({ name }, i) =>
    row(String(i + 1), sizes[i]!, printable(name))
  );
  return [bold(row("", "Size", "Name")), ...rows].join("\n");
}

/**
 * `hello.txt: 19 B in 8 ms (2.38 kB/s), SHA-256 verified`; of one that was
 * continued, `disk.img: 2 GB, of which 1 GB was there, in ...`; of one that came
 * compressed, `... (9.5 MB/s), 3.2 MB on the wire, SHA-256 verified`.
 */
export function formatFetched(
  name: string,
  { size, received, compressed, same }: Fetched,
  elapsedMs: number,
): string {
  const there = received < size
    ? `, of which ${formatBytes(size - received)} was there,`
    : "";
  const time = elapsedMs < 1000
    ? `${Math.ceil(elapsedMs)} ms`
    : `${(elapsedMs / 1000).toFixed(2)} s`;
  const rate = formatBytes(
    Math.round(received / Math.max(elapsedMs, 1) * 1000),
  );
  const wire = compressed === null
    ? ""
    : `${formatBytes(compressed)} on the wire, `;
  const checked = same
    ? "SHA-256 verified"
    : "size checked, no SHA-256 to compare";
  return `${printable(name)}: ${formatBytes(size)}${there} in ${time} ` +
    `(${rate}/s), ${wire}${checked}`;
}

/** `The server refuses "nope": No such file "nope" (NOT_FOUND)` */
export function formatRefusal(name: string, { code, text }: Refusal): string {
  const why = [text, code && `(${code})`].filter(Boolean).join(" ");
  return printable(`The server refuses ${quote(name)}: ${why}`);
}

/**
 * Shows what the server offers, and returns it.
 *
 * @throws {ExerciseError} The server refuses to tell.
 */
export async function listFiles(
  client: FileClient,
  { json = false, numbered = false } = {},
): Promise<FileEntry[]> {
  const listing = await client.list();
  if (listing.kind === "error") {
    throw new ExerciseError(formatRefusal("LIST", listing));
  }
  const { files } = listing;
  if (json) {
    const lines = files.map(({ name, size }) => jsonLine({ name, size }));
    if (lines.length > 0) await streamLine(lines.join("\n"));
    return files;
  }
  enableColorOnTerminal();
  if (files.length > 0) await streamLine(formatTable(files, { numbered }));
  const bytes = files.reduce((sum, { size }) => sum + size, 0);
  printNote(`${counted(files.length, "file")}, ${formatBytes(bytes)}`);
  return files;
}

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
    printNote(printable(sentence));
  };

  #show(label: string, bytes: number, total: number): void {
    if (this.#progress?.label !== label) {
      this[Symbol.dispose]();
      this.#progress = new Progress(label, total, formatBytes);
    }
    this.#progress!.update(bytes);
  }

  [Symbol.dispose](): void {
    this.#progress?.clear();
    this.#progress = null;
  }
}
