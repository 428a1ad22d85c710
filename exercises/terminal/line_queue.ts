import { writeAll } from "../../protocol/transport/copy.ts";
import type { Writer } from "../../protocol/transport/socket.ts";

const MAX_WAITING = 2 ** 20;

/** Text goes out in pieces of this many bytes. */
const BUFFER_BYTES = 16 * 1024;

/**
 * Lines for a reader that may be slow, or not read at all: a full pipe, a
 * terminal that Ctrl-S has stopped. Pushing never waits for it. What has come
 * in one turn of the event loop, or while the last write waited, goes out in
 * one write: with a write for each line, a server's log was a third of what a
 * short connection cost.
 *
 * The write must be the asynchronous one. Of a full pipe, it makes a thread
 * wait, and not the event loop.
 */
export class LineQueue {
  readonly #writer: Writer;
  readonly #tellDropped: (lines: number) => string;
  readonly #maxWaiting: number;
  readonly #encoder = new TextEncoder();
  readonly #buffer = new Uint8Array(BUFFER_BYTES);
  #batch = emptyBatch();
  /** Of the batch that is being written. */
  #writingLength = 0;
  #dropped = 0;
  #writing: Promise<void> | null = null;
  #scheduled = false;

  /**
   * Beyond about `maxWaiting` characters whole lines are dropped. Where they
   * are missing, `tellDropped` says how many there were.
   */
  constructor(
    writer: Writer,
    tellDropped: (lines: number) => string,
    maxWaiting = MAX_WAITING,
  ) {
    this.#writer = writer;
    this.#tellDropped = tellDropped;
    this.#maxWaiting = maxWaiting;
  }

  /** Adds a line, to which it gives its line end. */
  push(line: string): void {
    const waiting = this.#writingLength + this.#batch.text.length;
    const isFull = waiting + line.length >= this.#maxWaiting;
    // Once one is dropped all are, until there is room: one gap, told once.
    if (isFull || (this.#dropped > 0 && this.#writing !== null)) {
      this.#dropped++;
      return;
    }
    this.#addDropped();
    this.#add(line, 1);
  }

  /** Resolves when everything is written, or after `ms`. */
  async written(ms: number): Promise<void> {
    this.#write();
    if (this.#writing === null) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, ms);
    await Promise.race([this.#writing, promise]);
    clearTimeout(timer);
  }

  #addDropped(): void {
    if (this.#dropped === 0) return;
    this.#add(this.#tellDropped(this.#dropped), this.#dropped);
    this.#dropped = 0;
  }

  /** `lines`: how many are missing if this one is. */
  #add(line: string, lines: number): void {
    this.#batch.text += `${line}\n`;
    this.#batch.lines += lines;
    if (this.#scheduled || this.#writing !== null) return;
    this.#scheduled = true;
    setImmediate(this.#write);
  }

  readonly #write = (): void => {
    this.#scheduled = false;
    if (this.#batch.text !== "") this.#writing ??= this.#writeBatches();
  };

  async #writeBatches(): Promise<void> {
    while (this.#batch.text !== "") {
      const { text, lines } = this.#batch;
      this.#batch = emptyBatch();
      this.#writingLength = text.length;
      try {
        await this.#writeText(text);
        this.#addDropped();
      } catch {
        // A full disk, or a reader that has gone, ends no server.
        this.#dropped += lines;
      }
      this.#writingLength = 0;
    }
    this.#writing = null;
  }

  async #writeText(text: string): Promise<void> {
    while (text !== "") {
      const { read, written } = this.#encoder.encodeInto(text, this.#buffer);
      await writeAll(this.#writer, this.#buffer.subarray(0, written));
      text = text.slice(read);
    }
  }
}

function emptyBatch() {
  return { text: "", lines: 0 };
}
