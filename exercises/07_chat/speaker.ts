import { parseClientLine } from "../../protocol/messages.ts";
import type { Connection } from "../../protocol/transport/connection.ts";

export interface SpeakerOptions {
  /** The nickname to ask for at the beginning. */
  name?: string | undefined;
  /** How long the server may take to end once it has heard `/quit`, in ms. */
  timeoutMs: number;
  /** Says `/quit` in place of what there is still to say. */
  signal?: AbortSignal | undefined;
}

/** How long it may take when we were interrupted, in ms. */
const INTERRUPTED_TIMEOUT_MS = 1000;

/** A server that paces its clients hears a line in this time, in ms. */
const SLOWEST_PACE_MS = 1000;

const encoder = new TextEncoder();

/** The direction to the server: what is said, and `/quit` at its end. */
export class Speaker {
  readonly #conn: Connection;
  readonly #options: SpeakerOptions;
  readonly #over = new AbortController();
  readonly #startMs = performance.now();
  #linesSent = 0;
  /** Whether `/quit` was said. */
  #leaving = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(conn: Connection, options: SpeakerOptions) {
    this.#conn = conn;
    this.#options = options;
    options.signal?.addEventListener("abort", this.#onInterrupt);
  }

  /**
   * Says all that `say` gives. Never rejects: what goes wrong ends the
   * connection, and who reads from it is told.
   */
  async speak(
    say: (signal: AbortSignal) => AsyncIterable<string>,
  ): Promise<void> {
    const { name, signal, timeoutMs } = this.#options;
    const over = this.#over.signal;
    const enough = signal ? AbortSignal.any([over, signal]) : over;
    try {
      if (name !== undefined) await this.#send(`/nick ${name}`);
      for await (const line of say(enough)) {
        await this.#send(line);
        if (enough.aborted) break;
      }
    } catch (error) {
      if (!enough.aborted) this.#conn.close(error);
    }
    if (!this.#leaving && !over.aborted) await this.#send("/quit");
    if (!over.aborted) this.#conn.idleTimeoutMs = timeoutMs + this.#unheardMs;
  }

  /** How long all that was sent may wait to be heard: the bytes are out. */
  get #unheardMs(): number {
    const heardMs = this.#startMs + this.#linesSent * SLOWEST_PACE_MS;
    return Math.max(0, heardMs - performance.now());
  }

  /** The server has ended: there is nobody to speak to. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#options.signal?.removeEventListener("abort", this.#onInterrupt);
    this.#over.abort();
    // A write that still waits would wait for ever.
    this.#conn.close();
  }

  async #send(line: string): Promise<void> {
    this.#linesSent++;
    this.#leaving ||= parseClientLine(line).type === "quit";
    try {
      await this.#conn.write(encoder.encode(`${line}\r\n`));
    } catch {
      this.#over.abort();
    }
  }

  readonly #onInterrupt = () => {
    const reason = this.#options.signal?.reason;
    this.#timer = setTimeout(
      () => this.#conn.close(reason),
      INTERRUPTED_TIMEOUT_MS,
    );
  };
}
