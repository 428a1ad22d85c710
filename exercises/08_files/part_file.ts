import { createHash } from "node:crypto";
import { counted } from "../../protocol/text.ts";
import { ExerciseError } from "../cli/outcome.ts";
import { checkTarget, giveName, nullIfMissing } from "../cli/write_file.ts";
import type { Beginning, Destination } from "./file_client.ts";
import { LockedFile, takenOver } from "./locked_file.ts";
import { partPath } from "./target.ts";

const READ_BYTES = 1024 * 1024;

export interface HashOptions {
  /** Told how many of the `total` bytes that are there have been read. */
  onCheck?: (bytes: number, total: number) => void;
  signal?: AbortSignal | undefined;
}

export interface PartOptions extends HashOptions {
  /** Replace a file that is there, or what an earlier download left. */
  force?: boolean;
  /** Go on where an earlier download stopped, if that can be trusted. */
  resume?: boolean;
  open?: typeof Deno.open;
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

  constructor(target: string, options: PartOptions = {}) {
    this.path = partPath(target);
    this.#target = target;
    this.#options = options;
  }

  /** How far it has come: `10 of 200 bytes`; null when nothing has. */
  get progress(): string | null {
    return this.#bytes > 0
      ? `${this.#bytes} of ${counted(this.#size, "byte")}`
      : null;
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
    if (resume) this.beginning = await this.#readBeginning();
    else if (!force) await this.#checkUnused();
  }

  /** The file of `size` bytes will come: goes on behind what is there. */
  async open(size: number): Promise<void> {
    this.#size = size;
    if (this.beginning) await this.#continue(this.beginning.bytes);
    else await this.#create();
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
    const { size } = await this.#part!.file.stat();
    if (size !== this.#bytes || !await this.isInPlace()) {
      throw takenOver(this.path);
    }
    await checkTarget(this.#target, force);
    // Closed behind it: until then nobody else may have it.
    await giveName(this.path, this.#target, force);
    this.close();
  }

  /** Whether the file that is written here still has its name. */
  async isInPlace(): Promise<boolean> {
    return await this.#part?.isInPlace() ?? false;
  }

  close(): void {
    this.#part?.[Symbol.dispose]();
    this.#part = null;
  }

  [Symbol.dispose](): void {
    this.close();
  }

  async #checkUnused(): Promise<void> {
    using part = await this.#lockExisting({ read: true });
    const size = (await part?.file.stat())?.size ?? 0;
    if (size > 0) {
      throw new ExerciseError(
        `${this.path} is there already: ` +
          "--resume goes on with it, --force begins anew",
      );
    }
  }

  async #readBeginning(): Promise<Beginning | null> {
    this.#part = await this.#lockExisting({ read: true, write: true });
    if (!this.#part) return null;
    const { file } = this.#part;
    const { size, nlink } = await file.stat();
    // It is a file's second name, as after a kill in `giveName`: hands off that.
    if (size === 0 || nlink !== null && nlink > 1) return null;
    return await hashFile(file, size, this.#options);
  }

  /** Begins anew; what an earlier download left is lost. */
  async #create(): Promise<void> {
    this.close();
    this.#bytes = 0;
    // To hold the lock of what is removed. Who may not open it has none.
    using _ = await this.#lockExisting({ read: true }).catch(nullIfDenied);
    // Removed and not emptied: what has no locks may be writing it still.
    await Deno.remove(this.path).catch(nullIfMissing);
    try {
      const options = { write: true, createNew: true };
      const { open } = this.#options;
      this.#part = await LockedFile.open(this.path, options, open);
    } catch (error) {
      // Another program has begun one at this moment.
      if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
      throw takenOver(this.path);
    }
  }

  /** Goes on behind the `bytes` that were read before. */
  async #continue(bytes: number): Promise<void> {
    const { file } = this.#part!;
    const { size } = await file.stat();
    if (size !== bytes) throw takenOver(this.path);
    await file.seek(bytes, Deno.SeekMode.Start);
    this.#bytes = bytes;
  }

  async #lockExisting(options: Deno.OpenOptions): Promise<LockedFile | null> {
    return await LockedFile.open(this.path, options, this.#options.open);
  }
}

function nullIfDenied(error: unknown): null {
  if (error instanceof Deno.errors.PermissionDenied) return null;
  throw error;
}

/** Reads all of `file`, which has `size` bytes by now. */
export async function hashFile(
  file: Deno.FsFile,
  size: number,
  { signal, onCheck = () => {} }: HashOptions,
): Promise<Beginning> {
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
