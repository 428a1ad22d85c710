import { abortable } from "@std/async/abortable";
import type { Hash } from "node:crypto";
import { newSha256 } from "../../protocol/files.ts";
import { copyBuffer } from "../../protocol/transport/mod.ts";
import { GRAIN_MS, type SharedFile } from "./shared_file.ts";

/** How many files to remember before the oldest is forgotten. */
const MAX_FILES = 10_000;

const PIECE_BYTES = 256 * 1024;

/** A file that is being hashed. */
class Job {
  readonly result = Promise.withResolvers<string>();
  /** One open file for each caller that waits for the hash. */
  readonly waiting = new Set<SharedFile>();
  /** The read of the current piece, or of the last. */
  reading: Promise<boolean> | null = null;
  readonly #remember: (hex: string) => Promise<unknown>;
  #hash: Hash | null = null;
  #hashed = 0;

  constructor(remember: (hex: string) => Promise<unknown>) {
    this.#remember = remember;
    this.result.promise.catch(() => {}); // Its last caller may have gone.
  }

  /** Hashes the next piece; true when the job is over. */
  async advance(buffer: Uint8Array): Promise<boolean> {
    try {
      this.#hash ??= await newSha256();
      const [file] = this.waiting;
      if (file === undefined) return false;
      file.position = this.#hashed;
      const count = await file.read(buffer);
      this.#hash.update(buffer.subarray(0, count ?? 0));
      this.#hashed += count ?? 0;
      if (count !== null) return false;
      const hex = this.#hash.digest("hex");
      await this.#remember(hex);
      this.result.resolve(hex);
    } catch (error) {
      this.result.reject(error);
    }
    return true;
  }
}

/**
 * SHA-256 of files in hex, remembered until they change. Files take turns,
 * piece by piece, so nobody waits for a large one, and one buffer is enough.
 */
export class FileHashes {
  /** How many were computed, here or while a file was sent. */
  computed = 0;
  readonly #known = new Map<string, { version: string; hex: string }>();
  readonly #jobs = new Map<string, Job>();
  readonly #buffer = copyBuffer(PIECE_BYTES);
  #working = false;
  readonly #now: () => number;

  constructor({ now = Date.now }: { now?: () => number } = {}) {
    this.#now = now;
  }

  /** The remembered hash; null if there is none, or the file has changed. */
  recall({ path, info }: SharedFile): string | null {
    const known = this.#known.get(path);
    return known?.version === versionOf(info) ? known.hex : null;
  }

  /**
   * The remembered hash, or else reads the file and remembers it. Callers that
   * ask for the same file share one reading. It stops when all have gone.
   *
   * @throws The signal's reason when it fires.
   */
  async compute(shared: SharedFile, signal: AbortSignal): Promise<string> {
    signal.throwIfAborted();
    const known = this.recall(shared);
    if (known !== null) return known;
    const key = `${versionOf(shared.info)},${shared.path}`;
    const job = this.#jobs.get(key) ?? new Job(this.watch(shared));
    this.#jobs.set(key, job);
    job.waiting.add(shared);
    if (!this.#working) void this.#work();
    try {
      return await abortable(job.result.promise, signal);
    } finally {
      job.waiting.delete(shared);
      // The caller closes its file next, and must not do so during a read.
      await job.reading;
    }
  }

  async #work(): Promise<void> {
    this.#working = true;
    while (this.#jobs.size > 0) {
      for (const [key, job] of this.#jobs) {
        const isOver = job.waiting.size === 0 ||
          await (job.reading = job.advance(this.#buffer));
        if (isOver) this.#jobs.delete(key);
      }
    }
    this.#working = false;
  }

  /**
   * Call this before reading `shared`. The returned function remembers the hash
   * of what was read, and returns whether it did. It does not if the file has
   * changed since it was opened, or changed just before: a second change could
   * then have the same timestamp.
   */
  watch({ path, info }: SharedFile): (hex: string) => Promise<boolean> {
    const version = versionOf(info);
    const changedMs = (info.ctime ?? info.mtime)?.getTime() ?? Infinity;
    const young = this.#now() - changedMs < GRAIN_MS;
    return async (hex) => {
      this.computed++;
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

/** Equal for equal content, as far as can be seen without reading it. */
function versionOf({ dev, ino, size, mtime, ctime }: Deno.FileInfo): string {
  return [dev, ino, size, mtime?.getTime(), ctime?.getTime()].join();
}
