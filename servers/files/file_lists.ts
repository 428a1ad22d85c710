import { Buffer } from "node:buffer";
import { formatFileEntry, formatFileReply } from "../../protocol/files.ts";
import type { SharedFolder } from "./shared_folder.ts";

/**
 * The answers to LIST. One is made at a time: who asks meanwhile gets the next
 * one, and all who get the same answer share its bytes. A client that does not
 * read holds them, and with a list of its own each would hold megabytes.
 */
export class FileLists {
  readonly #folder: Pick<SharedFolder, "list">;
  #making: Promise<Uint8Array> | null = null;
  #next: Promise<Uint8Array> | null = null;
  #last = new Uint8Array();

  constructor(folder: Pick<SharedFolder, "list">) {
    this.#folder = folder;
  }

  /** The lines as they go out: not older than this call. */
  get(): Promise<Uint8Array> {
    if (this.#making === null) return this.#start();
    const start = () => {
      this.#next = null;
      return this.#start();
    };
    // Also when the one before fails: that is no answer to who came later.
    return this.#next ??= this.#making.then(start, start);
  }

  #start(): Promise<Uint8Array> {
    return this.#making = this.#make().finally(() => this.#making = null);
  }

  async #make(): Promise<Uint8Array> {
    const listing = await this.#folder.list();
    const text = listing.kind === "error" ? formatFileReply(listing) : [
      formatFileReply({ kind: "files", count: listing.files.length }),
      ...listing.files.map(formatFileEntry),
    ].join("");
    const bytes = new TextEncoder().encode(text);
    if (Buffer.compare(bytes, this.#last) !== 0) this.#last = bytes;
    return this.#last;
  }
}
