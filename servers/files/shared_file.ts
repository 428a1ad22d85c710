import type { Reader } from "../../protocol/transport/mod.ts";

/** More than the grain of a file system's clock. */
export const GRAIN_MS = 2000;

/** What the system opened. Who opened it closes it, and under no read. */
export interface OpenFile extends Disposable {
  /** Fills a part of `buffer` from `position` on; null is the end. */
  readAt(buffer: Uint8Array, position: number): Promise<number | null>;
  stat(): Pick<Deno.FileInfo, "dev" | "ino" | "size" | "mtime">;
}

/** A file of the shared folder that is open for sending. */
export class SharedFile implements Reader, Disposable {
  readonly kind = "file";
  /** Where the next read begins, in bytes. */
  position = 0;
  readonly path: string;
  /** As it was when it was opened. */
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
   * Whether it has the content that it had, whatever has its name by now: that
   * it was renamed or removed shows in its `ctime` only.
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

/** Windows has no such flags as below, and Deno before 2.5 drops them. */
export const CAN_OPEN_AT_ONCE: boolean = Deno.build.os !== "windows" &&
  !/^2\.[0-4]\./.test(Deno.version.deno);

/**
 * Opens `path` and does not wait: a FIFO would be opened only when somebody
 * opens its other end, and hold one of Deno's few threads until then. The
 * system follows no link; where Deno may not read everything it resolves `path`
 * before, and follows: the caller has to compare.
 */
export async function openAtOnce(path: string): Promise<OpenFile> {
  // Loading it takes as long as starting Deno: not before a file is asked for.
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

/** Opens `path` where nobody can put a FIFO in its place, or nothing helps. */
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
        // Inside an executable: it does not change, and cannot say so.
        return Deno.lstatSync(path);
      }
    },
    [Symbol.dispose]: () => file.close(),
  };
}
