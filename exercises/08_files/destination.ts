import type { Hash } from "node:crypto";
import { fileNameProblem, MAX_NAME_BYTES } from "../../protocol/files.ts";
import { quote } from "../../protocol/text.ts";
import {
  copyBuffer,
  writeAll,
  type Writer,
} from "../../protocol/transport/mod.ts";
import { ExerciseError, UsageError } from "../cli/outcome.ts";

/** The first bytes of a file, which are there already. */
export interface Beginning {
  bytes: number;
  /** A SHA-256 that has taken them. */
  hash: Hash;
}

/** Where a file goes: a part on the disk, or stdout. */
export interface Destination extends Writer {
  /** What need not be fetched; null: nothing is there. */
  readonly beginning: Beginning | null;
  /** The server has announced a file of `size` bytes: they will come now. */
  open(size: number): Promise<void>;
  /** All of it has come, and nothing is known to be wrong with it. */
  commit(): Promise<void>;
}

/**
 * `<target>.part`, with a part of the name only where a file system would not
 * take all of it. Never the target itself.
 */
export function partPath(target: string): string {
  const [, folder = "", name = ""] = /^(.*?)([^/\\]*)$/s.exec(target) ?? [];
  const bytes = (text: string) => new TextEncoder().encode(text).length;
  let part = `${name}.part`;
  for (let kept = [...name]; bytes(part) > MAX_NAME_BYTES || part === name;) {
    kept = kept.slice(0, -1);
    part = `${kept.join("")}.part`;
  }
  return folder + part;
}

/** `--output -`, which is no path. */
export const STDOUT = "-";

/** Where files go: into a folder, each under its name; or to one path. */
export type Target = { folder: string } | { file: string };

/**
 * What `--output` stands for: a folder if it is one or ends with a slash, else
 * a file; without it the current folder.
 *
 * @throws {UsageError} Several files cannot go to one.
 */
export async function chooseTarget(
  output: string,
  files: number,
): Promise<Target> {
  if (output === "") return { folder: "" };
  if (output === STDOUT) return { file: STDOUT };
  if (output.endsWith("/")) return { folder: output };
  const info = await Deno.stat(output).catch(() => null);
  if (info?.isDirectory) return { folder: `${output}/` };
  if (files === 1) return { file: output };
  throw new UsageError(
    `Several files need a folder that is there, not ${quote(output)}`,
  );
}

/**
 * The path for a file of that name. The name may come from the server: it must
 * not lead out of the folder.
 *
 * @throws {ExerciseError} No shared file can have that name.
 */
export function targetPath(target: Target, name: string): string {
  const problem = fileNameProblem(name);
  if (problem !== null) {
    throw new ExerciseError(
      `${quote(name)} ${problem}: no shared file has such a name, see "list"`,
    );
  }
  if ("file" in target) return target.file;
  // A file of that name is not what --output - stands for.
  const path = target.folder + name;
  return path === STDOUT ? `./${path}` : path;
}

/**
 * Two buffers: while one is being written the other is filled, so that neither
 * the network nor the disk waits for the other; a slow `target` slows whoever
 * fills them.
 */
export class WriteBehind {
  readonly #target: Writer;
  readonly #size: number;
  #filling: Uint8Array;
  #spare: Uint8Array;
  #filled = 0;
  #last: Promise<void> = Promise.resolve();
  #busy = false;

  /** `size` is how much is written at once, at most, in bytes. */
  constructor(target: Writer, size: number) {
    this.#target = target;
    this.#size = size;
    this.#filling = copyBuffer(size);
    this.#spare = copyBuffer(size);
  }

  /** Where the next bytes go. */
  room(): Uint8Array {
    return this.#filling.subarray(this.#filled);
  }

  /**
   * `count` bytes have come into `room()`. They go out when the write before
   * has ended, with all that has come until then.
   *
   * @throws What the write before failed with.
   */
  async took(count: number): Promise<void> {
    this.#filled += count;
    if (!this.#busy || this.#filled === this.#size) await this.#start();
  }

  /** Writes what has come, and waits for it. */
  async end(): Promise<void> {
    await this.#start();
    await this.#last;
  }

  async #start(): Promise<void> {
    await this.#last;
    const bytes = this.#filling.subarray(0, this.#filled);
    this.#busy = true;
    this.#last = writeAll(this.#target, bytes)
      .finally(() => this.#busy = false);
    // Who starts or ends the next one hears of it.
    this.#last.catch(() => {});
    [this.#filling, this.#spare] = [this.#spare, this.#filling];
    this.#filled = 0;
  }
}
