import type { Reader } from "../../../protocol/transport/socket.ts";
import type { Outbox } from "./run_outbox.ts";

/** More that is typed and not read is refused, in bytes. */
const MAX_UNREAD = 1024 * 1024;

/** The stdin of a run: what is typed into its panel of the page. */
export class RunInput implements Reader {
  readonly #chunks: Uint8Array[] = [];
  #unread = 0;
  #ended = false;
  #news = Promise.withResolvers<void>();

  /** Null: the end of input. Behind it nothing counts any more. */
  put(text: string | null): void {
    const bytes = new TextEncoder().encode(text ?? "");
    if (this.#ended || this.#unread + bytes.length > MAX_UNREAD) return;
    this.#ended = text === null;
    if (bytes.length > 0) this.#chunks.push(bytes);
    this.#unread += bytes.length;
    this.#news.resolve();
    this.#news = Promise.withResolvers();
  }

  async read(buffer: Uint8Array): Promise<number | null> {
    while (this.#chunks.length === 0) {
      if (this.#ended) return null;
      await this.#news.promise;
    }
    const chunk = this.#chunks[0]!;
    const part = chunk.subarray(0, buffer.length);
    buffer.set(part);
    if (part.length < chunk.length) {
      this.#chunks[0] = chunk.subarray(part.length);
    } else this.#chunks.shift();
    this.#unread -= part.length;
    return part.length;
  }

  isTerminal(): boolean {
    return false;
  }
}

/** Its stdout or stderr: text that is told of, piece by piece. */
class RunOutput {
  readonly #decoder = new TextDecoder("utf-8", { ignoreBOM: true });

  constructor(readonly kind: "out" | "err", readonly outbox: Outbox) {}

  /** As a pipe: who writes faster than somebody reads waits. */
  async write(data: Uint8Array): Promise<number> {
    await this.outbox.room();
    return this.writeSync(data);
  }

  writeSync(data: Uint8Array): number {
    const text = this.#decoder.decode(data, { stream: true });
    if (text !== "") this.outbox.push({ kind: this.kind, text });
    return data.length;
  }

  isTerminal(): boolean {
    return false;
  }
}

/** What takes the place of `Deno.stdin` and the like in a run's worker. */
export function standIns(stdin: RunInput, outbox: Outbox) {
  return {
    stdin,
    stdout: new RunOutput("out", outbox),
    stderr: new RunOutput("err", outbox),
  };
}
