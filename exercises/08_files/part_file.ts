import { createHash } from "node:crypto";
import type { Writer } from "../../protocol/transport/socket.ts";
import { ExerciseError } from "../cli/outcome.ts";
import type { Beginning } from "./fetched.ts";
import { checkTarget, isThere, nullIfMissing, partPath } from "./target.ts";

const READ_BYTES = 1024 * 1024;

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
    this.path = partPath(target);
    this.#target = target;
    this.#open = open;
  }

  /** How far it has come. */
  get bytes(): number {
    return this.#bytes;
  }

  /**
   * @throws {ExerciseError} An earlier download, or somebody else, has left
   * bytes there. They are not thrown away unasked.
   */
  async checkUnused(): Promise<void> {
    const file = await this.#openExisting({ read: true });
    const size = (await file?.stat())?.size ?? 0;
    this.close();
    if (size > 0) {
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
  async readBeginning(
    { signal, onCheck = () => {} }: {
      signal?: AbortSignal | undefined;
      /** Told how many of the `total` bytes that are there have been read. */
      onCheck?: (bytes: number, total: number) => void;
    } = {},
  ): Promise<Beginning | null> {
    const file = await this.#openExisting({ read: true, write: true });
    if (!file) return null;
    const { size, nlink } = await file.stat();
    // It is a file's second name, as after a kill in `#link`: hands off that.
    if (size === 0 || nlink !== null && nlink > 1) return null;
    const hash = createHash("sha256");
    const buffer = new Uint8Array(READ_BYTES);
    for (let bytes = 0;;) {
      signal?.throwIfAborted();
      const count = await file.read(buffer);
      if (count === null) return { bytes, hash };
      hash.update(buffer.subarray(0, count));
      onCheck(bytes += count, size);
    }
  }

  /**
   * Begins anew; what an earlier download left is lost.
   *
   * @throws {ExerciseError} Another program has begun one at this moment.
   */
  async create(): Promise<void> {
    this.close();
    this.#bytes = 0;
    // To hold the lock of what is removed. Who may not open it has none.
    using _ = await this.#openExisting({ read: true }).catch(nullIfDenied);
    this.#file = null;
    // Removed and not emptied: what has no locks may be writing it still.
    await Deno.remove(this.path).catch(nullIfMissing);
    try {
      const options = { write: true, createNew: true };
      this.#file = await this.#open(this.path, options);
    } catch (error) {
      if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
      throw this.#takenOver();
    }
    await this.#lock();
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
    const { size } = await this.#file!.stat();
    if (size !== this.#bytes || !await this.isInPlace()) {
      throw this.#takenOver();
    }
    await checkTarget(this.#target, replace);
    // Closed behind it: until then nobody else may have it.
    if (replace || !await this.#link()) {
      await Deno.rename(this.path, this.#target);
    }
    this.close();
  }

  /** Whether the file that is written here still has its name. */
  async isInPlace(): Promise<boolean> {
    const own = await this.#file?.stat();
    const named = await Deno.lstat(this.path).catch(() => null);
    if (own === undefined || named === null) return false;
    return own.dev === named.dev && own.ino === named.ino;
  }

  close(): void {
    const file = this.#file;
    this.#file = null;
    try {
      // Closing is not enough: a process that is being started at this moment
      // has our descriptors until it has its own program.
      file?.unlockSync();
    } catch {
      // There was no lock to give up.
    }
    file?.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  /** Opens and locks what an earlier download left, or another one writes. */
  async #openExisting(
    options: Deno.OpenOptions,
  ): Promise<Deno.FsFile | null> {
    await this.#checkRegular();
    const file = await this.#open(this.path, options).catch(nullIfMissing);
    if (!file) return null;
    this.#file = file;
    await this.#lock();
    return file;
  }

  /**
   * @throws {ExerciseError} Another program has it; or had it, and by now it
   * has another name.
   */
  async #lock(): Promise<void> {
    // Deno before 2.7 has no `tryLock`, and some network folders no locks.
    const locked = await this.#file!.tryLock?.(true).catch(() => true);
    if (locked === false) {
      throw new ExerciseError(
        `Another program is writing ${this.path}: let it end, or try again`,
      );
    }
    if (!await this.isInPlace()) throw this.#takenOver();
  }

  /**
   * Gives it its name where nobody has that yet: a rename would replace what
   * came after we looked. False where there are no hard links.
   */
  async #link(): Promise<boolean> {
    try {
      await Deno.link(this.path, this.#target);
    } catch (error) {
      if (error instanceof Deno.errors.AlreadyExists) {
        throw isThere(this.#target);
      }
      return false;
    }
    await Deno.remove(this.path);
    return true;
  }

  /** A link would lead elsewhere; a FIFO would never end. */
  async #checkRegular(): Promise<void> {
    const info = await Deno.lstat(this.path).catch(nullIfMissing);
    if (info && !info.isFile) {
      throw new ExerciseError(
        `${this.path} is no regular file: ` +
          "remove it, or choose another place",
      );
    }
  }

  #takenOver(): ExerciseError {
    return new ExerciseError(
      `Another program has replaced, changed or removed ${this.path}: ` +
        "let it end, or try again",
    );
  }
}

function nullIfDenied(error: unknown): null {
  if (error instanceof Deno.errors.PermissionDenied) return null;
  throw error;
}
