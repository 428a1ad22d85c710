import { createHash, type Hash } from "node:crypto";
import type { SharedFile } from "./shared_folder.ts";

/** At most so many hold a place at once; the others wait for theirs, in order. */
export class Semaphore {
  #free: number;
  readonly #waiting: (() => void)[] = [];

  constructor(places: number) {
    this.#free = places;
  }

  /** A place, until it is disposed. */
  async acquire(): Promise<Disposable> {
    if (this.#free > 0) this.#free--;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    return { [Symbol.dispose]: () => this.#release() };
  }

  /** To the next one at once: who comes in between waits behind it. */
  #release(): void {
    const next = this.#waiting.shift();
    if (next) next();
    else this.#free++;
  }
}

/** More than the grain of a file system's clock. */
const GRAIN_MS = 2000;

/** So many files are remembered; then the first is forgotten. */
const MAX_FILES = 10_000;

const READ_BYTES = 256 * 1024;

/**
 * So many pieces are read or hashed at once. The files that are asked for take
 * turns, piece by piece: nobody waits for a large one to end.
 */
const MAX_READS = 2;

/** SHA-256 of files in hex, remembered for as long as they do not change. */
export class FileHashes {
  readonly #known = new Map<string, { version: string; hex: string }>();
  /** Being computed now. */
  readonly #running = new Map<string, Promise<string>>();
  readonly #reads = new Semaphore(MAX_READS);
  /** Buffers that no piece is in. */
  readonly #buffers: Uint8Array[] = [];
  readonly #now: () => number;

  constructor({ now = Date.now }: { now?: () => number } = {}) {
    this.#now = now;
  }

  /** Null: never hashed, or it has changed since. */
  recall({ path, info }: SharedFile): string | null {
    const known = this.#known.get(path);
    return known?.version === versionOf(info) ? known.hex : null;
  }

  /**
   * What is remembered, or else read and remembered. Whoever asks for the same
   * meanwhile waits for the same reading, so that asking often costs no more.
   *
   * @throws The signal's reason when it fires.
   */
  async compute(shared: SharedFile, signal: AbortSignal): Promise<string> {
    const known = this.recall(shared);
    if (known !== null) return known;
    const key = `${versionOf(shared.info)},${shared.path}`;
    const running = this.#running.get(key);
    if (running) return await running;
    const reading = this.#read(shared, signal);
    this.#running.set(key, reading);
    try {
      return await reading;
    } finally {
      this.#running.delete(key);
    }
  }

  async #read(shared: SharedFile, signal: AbortSignal): Promise<string> {
    const remember = this.watch(shared);
    const hash = createHash("sha256");
    while (await this.#readPiece(shared.file, hash)) signal.throwIfAborted();
    const hex = hash.digest("hex");
    await remember(hex);
    return hex;
  }

  /** False: there was no more. */
  async #readPiece(file: Deno.FsFile, hash: Hash): Promise<boolean> {
    using _ = await this.#reads.acquire();
    const buffer = this.#buffers.pop() ?? new Uint8Array(READ_BYTES);
    try {
      const count = await file.read(buffer);
      if (count === null) return false;
      hash.update(buffer.subarray(0, count));
      return true;
    } finally {
      this.#buffers.push(buffer);
    }
  }

  /**
   * To be called before `shared` is read: gives the function that remembers
   * the hash of what was read, and says whether it could. Not when the file has
   * changed since it was opened, and not when it changed a moment before it was
   * read: it can change again at what looks like the same time.
   */
  watch({ path, info }: SharedFile): (hex: string) => Promise<boolean> {
    const version = versionOf(info);
    const changedMs = (info.ctime ?? info.mtime)?.getTime() ?? Infinity;
    const young = this.#now() - changedMs < GRAIN_MS;
    return async (hex) => {
      if (young) return false;
      const now = await Deno.lstat(path).catch(() => null);
      if (now === null || versionOf(now) !== version) return false;
      this.#known.delete(path);
      const [first] = this.#known.keys();
      if (this.#known.size >= MAX_FILES) this.#known.delete(first!);
      this.#known.set(path, { version, hex });
      return true;
    };
  }
}

/** Equal for equal content, as far as it can be seen without reading. */
function versionOf({ dev, ino, size, mtime, ctime }: Deno.FileInfo): string {
  return [dev, ino, size, mtime?.getTime(), ctime?.getTime()].join();
}
