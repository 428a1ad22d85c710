import { counted, MAX_LINE_BYTES } from "../text.ts";
import type { Reader } from "./socket.ts";
import { LineTooLongError, UnexpectedEndError } from "../errors.ts";

const LF = 0x0a;
const CR = 0x0d;

/**
 * An idle connection holds one buffer of this size: 2.5 MB for ten thousand.
 * The buffer grows when a read fills it.
 */
const INITIAL_BUFFER_BYTES = 256;

// Find the whole line first, then decode it: a read can end in the middle of a
// character. `ignoreBOM` keeps U+FEFF, which is data here.
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/**
 * Cuts a stream of bytes into lines and into runs of known length, both from
 * the same buffer, so that text and binary can alternate on one connection.
 *
 * A line ends with LF, and one CR before it is dropped. Bytes that are not
 * UTF-8 become U+FFFD.
 */
export class LineReader implements Reader {
  readonly #source: Reader;
  readonly #maxLineBytes: number;
  #buffer = new Uint8Array(INITIAL_BUFFER_BYTES);
  #start = 0;
  #end = 0;
  /** Bytes after `#start` that are known to hold no LF. */
  #searched = 0;
  #skipping = false;

  constructor(source: Reader, { maxLineBytes = MAX_LINE_BYTES } = {}) {
    this.#source = source;
    this.#maxLineBytes = maxLineBytes;
  }

  /**
   * The next line without its line end; null at a clean end of input.
   *
   * @throws {LineTooLongError} Once per line over the limit. The next call
   * continues after that line. Memory stays within the limit.
   * @throws {UnexpectedEndError} The input ended in the middle of a line.
   */
  async readLine(): Promise<string | null> {
    for (;;) {
      const line = this.#takeLine();
      if (line !== null) return line;
      const count = await this.#source.read(this.#freeRoom());
      if (count !== null) {
        this.#end += count;
        continue;
      }
      if (this.#start === this.#end && !this.#skipping) return null;
      const rest = this.#end - this.#start;
      // Skipped bytes are not counted.
      const after = this.#skipping ? "" : `, after ${counted(rest, "byte")}`;
      this.#start = this.#end;
      this.#skipping = false;
      throw new UnexpectedEndError(
        `Input ended in the middle of a line${after}`,
      );
    }
  }

  /**
   * Exactly `length` bytes.
   *
   * @throws {UnexpectedEndError} The input ended too early.
   */
  async readExactly(length: number): Promise<Uint8Array> {
    const bytes = new Uint8Array(length);
    let filled = 0;
    while (filled < length) {
      const count = await this.read(bytes.subarray(filled));
      if (count === null) {
        throw new UnexpectedEndError(
          `Input ended after ${filled} of ${length} bytes`,
        );
      }
      filled += count;
    }
    return bytes;
  }

  /** Reads buffered bytes first, then from the source. */
  read(buffer: Uint8Array): Promise<number | null> {
    if (this.#start === this.#end) return this.#source.read(buffer);
    const count = Math.min(buffer.length, this.#end - this.#start);
    buffer.set(this.#buffer.subarray(this.#start, this.#start + count));
    this.#start += count;
    this.#searched = 0;
    return Promise.resolve(count);
  }

  #takeLine(): string | null {
    const lf = this.#buffer
      .subarray(this.#start + this.#searched, this.#end).indexOf(LF);
    if (lf < 0) {
      this.#searched = this.#end - this.#start;
      if (this.#skipping) this.#start = this.#end;
      else if (this.#contentLength(this.#end) > this.#maxLineBytes) {
        this.#skipping = true;
        throw new LineTooLongError(this.#maxLineBytes);
      }
      if (this.#start === this.#end) this.#searched = 0;
      return null;
    }
    const end = this.#start + this.#searched + lf;
    const line = this.#buffer.subarray(
      this.#start,
      this.#start + this.#contentLength(end),
    );
    this.#start = end + 1;
    this.#searched = 0;
    if (this.#skipping) {
      this.#skipping = false;
      return this.#takeLine();
    }
    if (line.length > this.#maxLineBytes) {
      throw new LineTooLongError(this.#maxLineBytes);
    }
    return decoder.decode(line);
  }

  /** Length of the line that ends at `end`, without a final CR. */
  #contentLength(end: number): number {
    const hasCr = end > this.#start && this.#buffer[end - 1] === CR;
    return end - this.#start - (hasCr ? 1 : 0);
  }

  /** The free space after the unread bytes, for the next read. */
  #freeRoom(): Uint8Array {
    const rest = this.#buffer.subarray(this.#start, this.#end);
    // The longest line, its CR LF, and one byte to see that it is too long:
    // `#takeLine` throws before it needs more.
    const largest = this.#maxLineBytes + 3;
    if (this.#end === this.#buffer.length && this.#end < largest) {
      const doubled = 2 * this.#buffer.length;
      this.#buffer = new Uint8Array(Math.min(doubled, largest));
    }
    this.#buffer.set(rest);
    this.#start = 0;
    this.#end = rest.length;
    return this.#buffer.subarray(this.#end);
  }
}
