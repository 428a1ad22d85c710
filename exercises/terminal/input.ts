import { abortable } from "@std/async/abortable";
import type { Reader } from "../../protocol/transport/socket.ts";
import { ExerciseError } from "../cli/outcome.ts";
import { writeStderr } from "./stderr.ts";

/**
 * The bytes of the keyboard or of a pipe, as they come.
 *
 * A read of stdin cannot be taken back. When who waits gives up, the read
 * stays, and whoever asks next gets its bytes: one long-lived reader for the
 * life of the program. (`prompt()` would stop every socket of the process.)
 */
export class ByteInput {
  readonly #source: Reader;
  #pending: Promise<Uint8Array | null> | null = null;

  constructor(source: Reader = Deno.stdin) {
    this.#source = source;
  }

  /**
   * The next bytes, or null at the end of input. On a terminal the end (Ctrl-D)
   * is no more than that: more can be typed, and asked for, afterwards.
   *
   * @throws The signal's reason when it fires first. Nothing is lost.
   */
  async next(signal: AbortSignal): Promise<Uint8Array | null> {
    this.#pending ??= this.#read();
    const bytes = await abortable(this.#pending, signal);
    this.#pending = null;
    return bytes;
  }

  async #read(): Promise<Uint8Array | null> {
    const buffer = new Uint8Array(64 * 1024);
    const count = await this.#source.read(buffer);
    return count === null ? null : buffer.subarray(0, count);
  }
}

/** A longer line is a mistake, or /dev/zero; in UTF-16 code units. */
const MAX_LINE_LENGTH = 16 * 1024 * 1024;

/**
 * The lines of a `ByteInput`, one at a time. Reads no further than the line
 * that is asked for needs: a stream would read ahead, and what it had taken
 * would be missing where keys are read one by one (exercise 7).
 */
export class LineInput {
  readonly #input: ByteInput;
  readonly #decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  /** What has come and was not looked at yet. */
  #text = "";
  /** The beginning of the next line. It is put together once, at its end. */
  readonly #begun: string[] = [];
  #begunLength = 0;

  constructor(input: ByteInput) {
    this.#input = input;
  }

  /**
   * The next line without its line end, or null at the end of input. A last
   * line without a line end counts: what a person typed is complete.
   *
   * @throws The signal's reason when it fires first. The line is not lost.
   * @throws {ExerciseError} The line is longer than 16 Mi characters.
   */
  async next(signal: AbortSignal): Promise<string | null> {
    for (;;) {
      const end = this.#text.indexOf("\n");
      if (end >= 0) {
        this.#begin(this.#text.slice(0, end));
        this.#text = this.#text.slice(end + 1);
        const line = this.#takeBegun();
        return line.endsWith("\r") ? line.slice(0, -1) : line;
      }
      this.#begin(this.#text);
      this.#text = "";
      const bytes = await this.#input.next(signal);
      if (bytes === null) {
        this.#begin(this.#decoder.decode());
        const rest = this.#takeBegun();
        return rest === "" ? null : rest;
      }
      this.#text = this.#decoder.decode(bytes, { stream: true });
    }
  }

  #begin(text: string): void {
    this.#begun.push(text);
    this.#begunLength += text.length;
    if (this.#begunLength > MAX_LINE_LENGTH) {
      throw new ExerciseError(
        `A line of the input is longer than ${MAX_LINE_LENGTH} characters: ` +
          "is it text?",
      );
    }
  }

  #takeBegun(): string {
    this.#begunLength = 0;
    return this.#begun.splice(0).join("");
  }

  /**
   * The lines to the end of input. On a terminal `prompt` is shown before
   * each, on stderr: stdout is for results.
   */
  async *lines(signal: AbortSignal, prompt = ""): AsyncGenerator<string> {
    const ask = prompt !== "" && Deno.stdin.isTerminal();
    let asking = false;
    try {
      for (;;) {
        if (ask) writeStderr(prompt);
        asking = ask;
        const line = await this.next(signal);
        if (line === null) return;
        asking = false;
        yield line;
      }
    } finally {
      // What the shell prints next must not stand behind the prompt.
      if (asking) writeStderr("\n");
    }
  }
}

let bytes: ByteInput | undefined;
let lines: LineInput | undefined;

/** The one reader of this process's stdin. */
export function stdinBytes(): ByteInput {
  return bytes ??= new ByteInput();
}

/** Its lines; shared too, so that lines that came together are not lost. */
export function stdinLines(): LineInput {
  return lines ??= new LineInput(stdinBytes());
}
