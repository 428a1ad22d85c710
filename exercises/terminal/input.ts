import { abortable } from "@std/async/abortable";
import { TextLineStream } from "@std/streams/text-line-stream";

/**
 * The lines of the keyboard or of a pipe, one at a time.
 *
 * There is one for the life of the program. `prompt()` would stop every socket
 * of the process, and a read of stdin cannot be taken back: when a question is
 * given up, its read stays, and the next question gets the line.
 */
export class LineInput {
  readonly #reader: ReadableStreamDefaultReader<string>;
  #pending: Promise<string | null> | null = null;

  constructor(readable: ReadableStream<Uint8Array> = Deno.stdin.readable) {
    this.#reader = readable
      .pipeThrough(
        new TextDecoderStream() as TransformStream<Uint8Array, string>,
      )
      // A last line without a line end counts: a person's input is complete.
      .pipeThrough(new TextLineStream())
      .getReader();
  }

  /**
   * The next line, or null at the end of input.
   *
   * @throws The signal's reason when it fires first. The line is not lost.
   */
  async next(signal: AbortSignal): Promise<string | null> {
    this.#pending ??= this.#read();
    const line = await abortable(this.#pending, signal);
    this.#pending = null;
    return line;
  }

  /**
   * The lines to the end of input. On a terminal `prompt` is shown before
   * each, on stderr: stdout is for results.
   */
  async *lines(signal: AbortSignal, prompt = ""): AsyncGenerator<string> {
    const ask = prompt !== "" && Deno.stdin.isTerminal();
    const show = (text: string) =>
      Deno.stderr.writeSync(new TextEncoder().encode(text));
    let asking = false;
    try {
      for (;;) {
        if (ask) show(prompt);
        asking = ask;
        const line = await this.next(signal);
        if (line === null) return;
        asking = false;
        yield line;
      }
    } finally {
      // What the shell prints next must not stand behind the prompt.
      if (asking) show("\n");
    }
  }

  async #read(): Promise<string | null> {
    const { done, value } = await this.#reader.read();
    return done ? null : value;
  }
}

let shared: LineInput | undefined;

/** The one reader of this process's stdin. */
export function stdinLines(): LineInput {
  return shared ??= new LineInput();
}
