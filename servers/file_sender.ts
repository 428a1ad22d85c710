import { createHash } from "node:crypto";
import type { Writer } from "../protocol/write_all.ts";
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
    const hex = hash?.digest("hex") ?? recalled;
    if (hex === null) return;
    const unchanged = await remember(hex);
    // What was not hashed while it was sent may have changed meanwhile.
    if (hash || unchanged) this.#last = { name, hex };
  }

  /**
   * The hash of what was last sent here, where that was all of `name`: a file
   * is not read twice, and one that has changed since arrived all the same.
   */
  hashOfLast(name: string): string | null {
    return this.#last?.name === name ? this.#last.hex : null;
  }
}
