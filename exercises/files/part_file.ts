import { MAX_NAME_BYTES } from "../../protocol/file_name.ts";
import type { Writer } from "../../protocol/write_all.ts";
import { hashToEnd } from "../../servers/file_hashes.ts";
import { ExerciseError } from "../terminal/exercise_error.ts";
import type { Beginning } from "./fetched.ts";

/**
 * A file on its way to `<target>`. It is called `<target>.part` until it is
 * complete; whatever happens before, what has come stays there.
 */
export class PartFile implements Writer, Disposable {
  readonly path: string;
  readonly #target: string;
  readonly #open: typeof Deno.open;
  #file: Deno.FsFile | null = null;
  #begun = false;
  #bytes = 0;

  constructor(target: string, open = Deno.open) {
    this.path = partPath(target);
    this.#target = target;
    this.#open = open;
  }

  /** How far it has come. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Whether it was created or continued here. */
  get begun(): boolean {
    return this.#begun;
  }

  /**
   * @throws {ExerciseError} An earlier download, or somebody else, has left
   * bytes there. They are not thrown away unasked.
   */
  async checkUnused(): Promise<void> {
    const info = await Deno.lstat(this.path).catch(orNothing);
    if (info?.isFile && info.size > 0) {
      throw new ExerciseError(
        `${this.path} is there already: ` +
          "--resume goes on with it, --force begins anew",
      );
    }
  }

  /**
   * What an earlier download left, if anything. The file stays open: what is
   * continued must be what was read here, whatever has that name by then.
   */
  async readBeginning(signal?: AbortSignal): Promise<Beginning | null> {
    await this.#checkRegular();
    const options = { read: true, write: true };
    const file = await this.#open(this.path, options).catch(orNothing);
    if (!file) return null;
    this.#file = file;
    const beginning = await hashToEnd(file, signal);
    return beginning.bytes > 0 ? beginning : null;
  }

  /**
   * Begins anew; what an earlier download left is lost.
   *
   * @throws {ExerciseError} Another program has begun one at this moment.
   */
  async create(): Promise<void> {
    this.close();
    this.#bytes = 0;
    await this.#checkRegular();
    // Removed and not emptied: another program may be writing it still.
    await Deno.remove(this.path).catch(orNothing);
    try {
      const options = { write: true, createNew: true };
      this.#file = await this.#open(this.path, options);
      this.#begun = true;
    } catch (error) {
      if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
      throw this.#takenOver();
    }
  }

  /**
   * Goes on behind the `bytes` that `readBeginning` has read.
   *
   * @throws {ExerciseError} There are fewer or more by now.
   */
  async continue(bytes: number): Promise<void> {
    const { size } = await this.#file!.stat();
    if (size !== bytes) throw this.#takenOver();
    await this.#file!.seek(bytes, Deno.SeekMode.Start);
    this.#bytes = bytes;
    this.#begun = true;
  }

  async write(data: Uint8Array): Promise<number> {
    const count = await this.#file!.write(data);
    this.#bytes += count;
    return count;
  }

  /**
   * Gives the complete file its name.
   *
   * @throws {ExerciseError} The part is not the one that was written here any
   * more; or the target is there, and not to be replaced.
   */
  async commit(replace: boolean): Promise<void> {
    const own = await this.#file!.stat();
    const named = await Deno.lstat(this.path).catch(orNothing);
    const same = own.dev === named?.dev && own.ino === named.ino;
    if (!same || own.size !== this.#bytes) throw this.#takenOver();
    await checkTarget(this.#target, replace);
    this.close();
    await Deno.rename(this.path, this.#target);
  }

  close(): void {
    this.#file?.close();
    this.#file = null;
  }

  [Symbol.dispose](): void {
    this.close();
  }

  /** A link would lead elsewhere; a FIFO would never end. */
  async #checkRegular(): Promise<void> {
    const info = await Deno.lstat(this.path).catch(orNothing);
    if (info && !info.isFile) {
      throw new ExerciseError(
        `${this.path} is no regular file: ` +
          "remove it, or choose another place",
      );
    }
  }

  #takenOver(): ExerciseError {
    return new ExerciseError(
      `Another program is writing ${this.path}: ` +
        "let it end, or try again",
    );
  }
}

/**
 * Looks before anything is fetched, so that what is in the way, or a missing
 * permission, shows now and not at the end.
 *
 * @throws {ExerciseError} Something has that name, be it a broken link; with
 * `replace`, something other than a file.
 */
export async function checkTarget(
  path: string,
  replace: boolean,
): Promise<void> {
  const info = await Deno.lstat(path).catch(orNothing);
  if (!info || info.isFile && replace) return;
  const why = info.isFile
    ? "is there already: --force replaces it"
    : "is there already, and no file: choose another --output";
  throw new ExerciseError(`${path} ${why}`);
}

/**
 * `<target>.part`, with a part of the name only where a file system would not
 * take all of it. Never the target itself.
 */
function partPath(target: string): string {
  const [, folder = "", name = ""] = /^(.*?)([^/\\]*)$/s.exec(target) ?? [];
  let kept = name;
  while (
    byteLength(`${kept}.part`) > MAX_NAME_BYTES || `${kept}.part` === name
  ) {
    kept = [...kept].slice(0, -1).join("");
  }
  return `${folder}${kept}.part`;
}

function byteLength(text: string): number {
  return new TextEncoder().encode(text).length;
}

function orNothing(error: unknown): undefined {
  if (!(error instanceof Deno.errors.NotFound)) throw error;
}
