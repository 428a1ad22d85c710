import { Buffer } from "node:buffer";
import { formatFileEntry, formatFileReply } from "../../protocol/files.ts";
import type { SharedFolder } from "./shared_folder.ts";

/**
 * The answers to LIST. One is made at a time: clients that ask meanwhile share
 * the next one. Equal answers share their bytes: a client that does not read
 * holds its answer, and separate copies would take megabytes each.
 */
export class FileLists {
  readonly #folder: Pick<SharedFolder, "list">;
  #making: Promise<Uint8Array> | null = null;
  #next: Promise<Uint8Array> | null = null;
  #last = new Uint8Array();

  constructor(folder: Pick<SharedFolder, "list">) {
    this.#folder = folder;
  }

  /** The lines to send, no older than this call. */
  get(): Promise<Uint8Array> {
    if (this.#making === null) return this.#start();
    const start = () => {
      this.#next = null;
      return this.#start();
    };
    // Even if the current one fails: later callers need their own.
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
