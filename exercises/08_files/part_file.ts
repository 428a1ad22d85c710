import { newSha256 } from "../../protocol/files.ts";
import { counted } from "../../protocol/text.ts";
import { ExerciseError } from "../cli/outcome.ts";
import { checkTarget, giveName, nullIfMissing } from "../cli/write_file.ts";
import { type Beginning, type Destination, partPath } from "./destination.ts";

const READ_BYTES = 1024 * 1024;

export interface PartOptions {
  /** Replace a file that is there, or what an earlier download left. */
  force?: boolean;
  /** Go on where an earlier download stopped, if that can be trusted. */
  resume?: boolean;
  /** Told how many of the `total` bytes that are there have been read. */
  onCheck?: (bytes: number, total: number) => void;
  signal?: AbortSignal | undefined;
}

/**
 * A file on its way to `<target>`. It is called `<target>.part` until it is
 * complete; whatever happens before, what has come stays there.
 */
export class PartFile implements Destination, Disposable {
  readonly path: string;
  /** What is there already, and can be continued. */
  beginning: Beginning | null = null;
  readonly #target: string;
  readonly #options: PartOptions;
  #part: LockedFile | null = null;
  #bytes = 0;
  #size = 0;

  constructor(target: string, options: PartOptions) {
    this.path = partPath(target);
    this.#target = target;
    this.#options = options;
  }

  /**
   * Looks at what an earlier download left. With `resume` the file stays open:
   * what is continued must be what was read here, whatever has that name by
   * then.
   *
   * @throws {ExerciseError} Bytes are there, and neither `resume` nor `force`.
   */
  async prepare(): Promise<void> {
    const { force = false, resume = false } = this.#options;
    if (force && !resume) return;
    const options = { read: true, write: resume };
    this.#part = await LockedFile.open(this.path, options);
    if (!this.#part) return;
    const { file } = this.#part;
    const { size, nlink } = await file.stat();
    if (size > 0 && !resume) {
      throw new ExerciseError(
        `${this.path} is there already: ` +
          "--resume goes on with it, --force begins anew",
      );
    }
    // It is a file's second name, as after a kill in `giveName`: hands off that.
    if (size === 0 || nlink !== null && nlink > 1) return;
    this.beginning = await hashFile(file, size, this.#options);
  }

  /** The file of `size` bytes will come: goes on behind what is there. */
  async open(size: number): Promise<void> {
    this.#size = size;
    if (this.beginning === null) return await this.#create();
    const { file } = this.#part!;
    this.#bytes = this.beginning.bytes;
    if ((await file.stat()).size !== this.#bytes) throw takenOver(this.path);
    await file.seek(this.#bytes, Deno.SeekMode.Start);
  }

  /** Takes back what has come now, behind what was there. */
  async restore(): Promise<void> {
    if (this.#bytes === 0 || !this.beginning) return;
    await this.#part?.file.truncate(this.beginning.bytes);
  }

  async write(data: Uint8Array): Promise<number> {
    const count = await this.#part!.file.write(data);
    this.#bytes += count;
    return count;
  }

  /**
   * Gives the complete file its name.
   *
   * @throws {ExerciseError} The part is not the one that was written here any
   * more; or the target is there, and not to be replaced.
   */
  async commit(): Promise<void> {
    const { force = false } = this.#options;
    const part = this.#part!;
    const { size } = await part.file.stat();
    if (size !== this.#bytes || !await part.isInPlace()) {
      throw takenOver(this.path);
    }
    await checkTarget(this.#target, force);
    // Closed behind it: until then nobody else may have it.
    await giveName(this.path, this.#target, force);
    this[Symbol.dispose]();
  }

  /** What can be gone on with: `10 of 200 bytes`; null when nothing can. */
  async progress(): Promise<string | null> {
    return this.#bytes > 0 && await this.#part?.isInPlace()
      ? `${this.#bytes} of ${counted(this.#size, "byte")}`
      : null;
  }

  [Symbol.dispose](): void {
    this.#part?.[Symbol.dispose]();
    this.#part = null;
  }

  /** Begins anew; what an earlier download left is lost. */
  async #create(): Promise<void> {
    this[Symbol.dispose]();
    this.#bytes = 0;
    // To hold the lock of what is removed. Who may not open it has none.
    using _ = await LockedFile.open(this.path, { read: true })
      .catch(nullIfDenied);
    // Removed and not emptied: what has no locks may be writing it still.
    await Deno.remove(this.path).catch(nullIfMissing);
    try {
      const options = { write: true, createNew: true };
      this.#part = await LockedFile.open(this.path, options);
    } catch (error) {
      // Another program has begun one at this moment.
      if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
      throw takenOver(this.path);
    }
  }
}

/**
 * An open regular file that no other program of ours writes meanwhile, and
 * that still has its name.
 */
class LockedFile implements Disposable {
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
  ): Promise<LockedFile | null> {
    // A link would lead elsewhere; a FIFO would never end.
    const info = await Deno.lstat(path).catch(nullIfMissing);
    if (info && !info.isFile) {
      throw new ExerciseError(
        `${path} is no regular file: remove it, or choose another place`,
      );
    }
    const file = await Deno.open(path, options).catch(nullIfMissing);
    if (!file) return null;
    const opened = new LockedFile(path, file);
    // Deno before 2.7 has no `tryLock`, and some network folders no locks.
    const locked = await file.tryLock?.(true).catch(() => true) ?? true;
    if (locked && await opened.isInPlace()) return opened;
    opened[Symbol.dispose]();
    if (locked) throw takenOver(path);
    throw new ExerciseError(
      `Another program is writing ${path}: let it end, or try again`,
    );
  }

  /** Whether this file still has its name. */
  async isInPlace(): Promise<boolean> {
    const own = await this.file.stat();
    const named = await Deno.lstat(this.path).catch(() => null);
    return named !== null && own.dev === named.dev && own.ino === named.ino;
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
function takenOver(path: string): ExerciseError {
  return new ExerciseError(
    `Another program has replaced, changed or removed ${path}: ` +
      "let it end, or try again",
  );
}

function nullIfDenied(error: unknown): null {
  if (error instanceof Deno.errors.PermissionDenied) return null;
  throw error;
}

/** Reads all of `file`, which has `size` bytes by now. */
export async function hashFile(
  file: Deno.FsFile,
  size: number,
  { signal, onCheck = () => {} }: PartOptions,
): Promise<Beginning> {
  const hash = await newSha256();
  const buffer = new Uint8Array(READ_BYTES);
  for (let bytes = 0;;) {
    signal?.throwIfAborted();
    const count = await file.read(buffer);
    if (count === null) return { bytes, hash };
    hash.update(buffer.subarray(0, count));
    onCheck(bytes += count, size);
  }
}
