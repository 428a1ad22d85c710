import { ExerciseError } from "../cli/outcome.ts";
import { nullIfMissing } from "../cli/write_file.ts";

/**
 * An open regular file that no other program of ours writes meanwhile, and
 * that still has its name.
 */
export class LockedFile implements Disposable {
  private constructor(readonly path: string, readonly file: Deno.FsFile) {}

  /**
   * Opens and locks `path`; null when nothing is there.
   *
   * @throws {ExerciseError} It is no regular file; another program has the
   * lock; or had it, and by now the file has another name.
   */
  static async open(
    path: string,
    options: Deno.OpenOptions,
    open = Deno.open,
  ): Promise<LockedFile | null> {
    // A link would lead elsewhere; a FIFO would never end.
    const info = await Deno.lstat(path).catch(nullIfMissing);
    if (info && !info.isFile) {
      throw new ExerciseError(
        `${path} is no regular file: remove it, or choose another place`,
      );
    }
    const file = await open(path, options).catch(nullIfMissing);
    if (!file) return null;
    const locked = new LockedFile(path, file);
    try {
      await locked.#lock();
      return locked;
    } catch (error) {
      locked[Symbol.dispose]();
      throw error;
    }
  }

  /** Whether this file still has its name. */
  async isInPlace(): Promise<boolean> {
    const own = await this.file.stat();
    const named = await Deno.lstat(this.path).catch(() => null);
    return named !== null && own.dev === named.dev && own.ino === named.ino;
  }

  async #lock(): Promise<void> {
    // Deno before 2.7 has no `tryLock`, and some network folders no locks.
    const locked = await this.file.tryLock?.(true).catch(() => true);
    if (locked === false) {
      throw new ExerciseError(
        `Another program is writing ${this.path}: let it end, or try again`,
      );
    }
    if (!await this.isInPlace()) throw takenOver(this.path);
  }

  [Symbol.dispose](): void {
    try {
      // Closing is not enough: a process that is being started at this moment
      // has our descriptors until it has its own program.
      this.file.unlockSync();
    } catch {
      // There was no lock to give up.
    }
    this.file.close();
  }
}

/** The refusal to go on with what is not ours any more. */
export function takenOver(path: string): ExerciseError {
  return new ExerciseError(
    `Another program has replaced, changed or removed ${path}: ` +
      "let it end, or try again",
  );
}
