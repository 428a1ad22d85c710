import type { Writer } from "../../protocol/write_all.ts";
import { hashToEnd } from "../../servers/file_hashes.ts";
import { ExerciseError } from "../terminal/exercise_error.ts";
import type { Beginning } from "./fetch_file.ts";

/**
 * A file on its way to `<target>`. It is called `<target>.part` until it is
 * complete; whatever happens before, what has come stays there.
 */
export class PartFile implements Writer, Disposable {
  readonly path: string;
  readonly #target: string;
  readonly #open: typeof Deno.open;
  #file: Deno.FsFile | null = null;
  #bytes = 0;

  constructor(target: string, open = Deno.open) {
    this.path = `${target}.part`;
    this.#target = target;
    this.#open = open;
  }

  /** How far it has come. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Whether it was created or continued here. */
  get begun(): boolean {
    return this.#file !== null;
  }

  /**
   * @throws {ExerciseError} An earlier download, or somebody else, has left
   * bytes there. They are not thrown away unasked.
   */
  async checkUnused(): Promise<void> {
    const info = await Deno.lstat(this.path).catch(orNothing);
    if (info?.isFile && info.size > 0) {
      throw new ExerciseError(
        `${this.path} is there already: --resume goes on with it, ` +
          "--force begins anew",
      );
    }
  }

  /** What an earlier download left, if anything. */
  async readBeginning(signal?: AbortSignal): Promise<Beginning | null> {
    await this.#checkRegular();
    using file = await Deno.open(this.path).catch(orNothing);
    if (!file) return null;
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
    } catch (error) {
      if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
      throw this.#takenOver();
    }
  }

  /** Goes on behind the first `bytes`. */
  async continue(bytes: number): Promise<void> {
    this.close();
    await this.#checkRegular();
    this.#file = await this.#open(this.path, { write: true });
    this.#bytes = await this.#file.seek(bytes, Deno.SeekMode.Start);
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
    if (own.dev !== named?.dev || own.ino !== named?.ino) {
      throw this.#takenOver();
    }
    if (!replace) await checkFree(this.#target);
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
        `${this.path} is no regular file: remove it, or choose another place`,
      );
    }
  }

  #takenOver(): ExerciseError {
    return new ExerciseError(
      `Another program has begun ${this.path}: let it end, or try again`,
    );
  }
}

/** @throws {ExerciseError} Something has that name, be it a broken link. */
export async function checkFree(path: string): Promise<void> {
  if (await Deno.lstat(path).catch(orNothing)) {
    throw new ExerciseError(`${path} is there already: --force replaces it`);
  }
}

/**
 * With --force: nothing but a file is replaced. Looks before anything is
 * fetched, so that a missing permission shows now and not at the end.
 *
 * @throws {ExerciseError} There is a folder of that name.
 */
export async function checkReplaceable(path: string): Promise<void> {
  await Deno.lstat(`${path}.part`).catch(orNothing);
  if ((await Deno.lstat(path).catch(orNothing))?.isDirectory) {
    throw new ExerciseError(`${path} is a folder: choose another --output`);
  }
}

function orNothing(error: unknown): undefined {
  if (!(error instanceof Deno.errors.NotFound)) throw error;
}
