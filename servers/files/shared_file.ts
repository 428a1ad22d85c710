import type { Reader } from "../../protocol/transport/mod.ts";

/** Longer than the resolution of a file system's timestamps, in ms. */
export const GRAIN_MS = 2000;

/** An open file. Its owner must not close it during a read. */
export interface OpenFile extends Disposable {
  /** Fills part of `buffer` from `position` on; null at the end. */
  readAt(buffer: Uint8Array, position: number): Promise<number | null>;
  stat(): Pick<Deno.FileInfo, "dev" | "ino" | "size" | "mtime">;
}

/** A file of the shared folder, open for sending. */
export class SharedFile implements Reader, Disposable {
  readonly kind = "file";
  /** Where the next read starts, in bytes. */
  position = 0;
  readonly path: string;
  /** The file's state when it was opened. */
  readonly info: Deno.FileInfo;
  readonly #file: OpenFile;

  constructor(path: string, info: Deno.FileInfo, file: OpenFile) {
    this.path = path;
    this.info = info;
    this.#file = file;
  }

  async read(buffer: Uint8Array): Promise<number | null> {
    const count = await this.#file.readAt(buffer, this.position);
    this.position += count ?? 0;
    return count;
  }

  /**
   * Whether the content is still the same. Ignores `ctime`, which also changes
   * when the file is renamed or removed.
   */
  isUnchanged(): boolean {
    const { size, mtime } = this.#file.stat();
    return size === this.info.size &&
      mtime?.getTime() === this.info.mtime?.getTime();
  }

  [Symbol.dispose](): void {
    this.#file[Symbol.dispose]();
  }
}

/** Windows lacks the flags below, and Deno before 2.5 drops them. */
export const CAN_OPEN_AT_ONCE: boolean = Deno.build.os !== "windows" &&
  !/^2\.[0-4]\./.test(Deno.version.deno);

/**
 * Opens `path` without waiting. Opening a FIFO would otherwise hold one of
 * Deno's few threads until somebody opens its other end. The system follows no
 * link. Deno without full read permission first resolves `path`, links
 * included, so the caller has to compare.
 */
export async function openAtOnce(path: string): Promise<OpenFile> {
  // Loaded on demand: it takes as long as starting Deno.
  const fs = await import("node:fs");
  const { O_RDONLY, O_NONBLOCK, O_NOFOLLOW } = fs.constants;
  const flags = O_RDONLY | O_NONBLOCK | O_NOFOLLOW;
  const fd = await new Promise<number>((resolve, reject) =>
    fs.open(path, flags, (error, fd) => error ? reject(error) : resolve(fd))
  );
  return {
    readAt: (buffer, position) =>
      new Promise((resolve, reject) =>
        fs.read(
          fd,
          buffer,
          0,
          buffer.length,
          position,
          (error, count) =>
            error ? reject(error) : resolve(count === 0 ? null : count),
        )
      ),
    stat: () => fs.fstatSync(fd),
    [Symbol.dispose]: () => fs.closeSync(fd),
  };
}

/** Opens `path` where a FIFO cannot replace it, or cannot be kept out. */
export async function openSimply(path: string): Promise<OpenFile> {
  const file = await Deno.open(path);
  return {
    async readAt(buffer, position) {
      await file.seek(position, Deno.SeekMode.Start);
      return await file.read(buffer);
    },
    stat() {
      try {
        return file.statSync();
      } catch (error) {
        if (!(error instanceof Deno.errors.NotSupported)) throw error;
        // A file inside an executable has no `stat`, but never changes.
        return Deno.lstatSync(path);
      }
    },
    [Symbol.dispose]: () => file.close(),
  };
}
