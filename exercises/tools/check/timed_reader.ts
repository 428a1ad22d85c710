import { concat } from "@std/bytes/concat";
import { Countdown } from "../../../protocol/transport/deadline.ts";
import type { Socket } from "../../../protocol/transport/mod.ts";
import type { Evidence } from "./stage.ts";

/** How long a stage waits, in ms. A second try has more of it. */
export interface Patience {
  /** For something that must come. */
  answerMs: number;
  /** For something that must not come. */
  quietMs: number;
}

/** What comes on a connection, and how long it may take. */
export class TimedReader {
  /** How the other side has left the connection, as far as it was read. */
  end: Evidence["end"] = "open";
  readonly #buffer = new Uint8Array(64 * 1024);
  /** What has come and was not taken yet. */
  #rest = new Uint8Array();
  /** A read cannot be taken back: the next one waits for the same. */
  #reading: Promise<Uint8Array | null> | null = null;

  constructor(readonly socket: Socket, readonly patience: Patience) {}

  /**
   * What comes next, at least one byte and at most `maxBytes`; null at the end,
   * which `end` tells then, or when nothing came within `withinMs`.
   */
  async receive(
    withinMs = this.patience.answerMs,
    maxBytes = Infinity,
  ): Promise<Uint8Array | null> {
    let chunk: Uint8Array | null = this.#rest;
    if (chunk.length === 0) chunk = await this.#read(withinMs);
    if (chunk === null) return null;
    this.#rest = chunk.slice(maxBytes);
    return chunk.subarray(0, maxBytes);
  }

  /** Gives `bytes` back: the next `receive()` begins with them. */
  unread(bytes: Uint8Array): void {
    this.#rest = concat([bytes, this.#rest]);
  }

  /** All that comes until the end, or until nothing comes for `withinMs`. */
  async rest(
    withinMs = this.patience.answerMs,
    maxBytes = Infinity,
  ): Promise<Uint8Array> {
    const chunks: Uint8Array[] = [];
    let length = 0;
    for (;;) {
      const chunk = await this.receive(withinMs);
      if (chunk === null) return concat(chunks);
      chunks.push(chunk);
      length += chunk.length;
      if (length >= maxBytes) return concat(chunks);
    }
  }

  async #read(withinMs: number): Promise<Uint8Array | null> {
    if (this.end !== "open") return null;
    this.#reading ??= this.#readNow();
    const { promise, resolve } = Promise.withResolvers<"silent">();
    using _ = Countdown.after(withinMs, () => resolve("silent"));
    const chunk = await Promise.race([this.#reading, promise]);
    if (chunk === "silent") return null;
    this.#reading = null;
    return chunk;
  }

  async #readNow(): Promise<Uint8Array | null> {
    try {
      const count = await this.socket.read(this.#buffer);
      if (count !== null) return this.#buffer.slice(0, count);
      this.end = "fin";
    } catch {
      this.end = "rst";
    }
    return null;
  }
}
