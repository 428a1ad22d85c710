import { createHash } from "node:crypto";
import type { Writer } from "../../protocol/transport/socket.ts";
import type { FileHashes } from "./file_hashes.ts";
import type { FileLists } from "./file_lists.ts";
import type { SharedFile, SharedFolder } from "./shared_folder.ts";
import type { Transfers } from "./transfers.ts";

/** What all connections of one file server share. */
export interface FileService {
  folder: SharedFolder;
  lists: FileLists;
  hashes: FileHashes;
  transfers: Transfers;
}

/** Sends files over one connection, and remembers the hash of what it sent. */
export class FileSender {
  readonly #service: FileService;
  readonly #target: Writer;
  #last: { name: string; hex: string } | null = null;
  /**
   * Whether to hash what is sent: it costs more than the sending, and a plain
   * client never asks for it.
   */
  hashing = false;

  constructor(service: FileService, target: Writer) {
    this.#service = service;
    this.#target = target;
  }

  /**
   * Sends what the file had when it was opened, from `offset` on.
   *
   * @throws {FileShrankError} It has less by now.
   */
  async send(shared: SharedFile, name: string, offset: number): Promise<void> {
    const { hashes, transfers } = this.#service;
    const { file, info } = shared;
    this.#last = null;
    if (offset > 0) await file.seek(offset, Deno.SeekMode.Start);
    const whole = offset === 0;
    const recalled = whole ? hashes.recall(shared) : null;
    const hash = this.hashing && whole && recalled === null
      ? createHash("sha256")
      : null;
    const remember = hashes.watch(shared);
    await transfers.send(
      file,
      this.#target,
      info.size - offset,
      (bytes) => hash?.update(bytes),
    );
    if (hash) {
      const hex = hash.digest("hex");
      await remember(hex);
      this.#last = { name, hex };
    } else if (recalled !== null && await isUnchanged(shared)) {
      this.#last = { name, hex: recalled };
    }
  }

  /**
   * The hash of what was last sent here, where that was all of `name`: a file
   * is not read twice, and one that has changed since arrived all the same.
   */
  hashOfLast(name: string): string | null {
    return this.#last?.name === name ? this.#last.hex : null;
  }
}

/**
 * Whether the open file has the content that it had, whatever has its name by
 * now: that it was renamed or removed shows in its `ctime` only.
 */
async function isUnchanged({ file, info }: SharedFile): Promise<boolean> {
  try {
    const { size, mtime } = await file.stat();
    return size === info.size && mtime?.getTime() === info.mtime?.getTime();
  } catch (error) {
    // The files inside an executable do not change, and cannot say so.
    return error instanceof Deno.errors.NotSupported;
  }
}
