import { delay } from "@std/async/delay";
import { isShortage, isSilence, type PortResult } from "./port_state.ts";

const SHORTAGE_WAIT_MS = 50;
const SHORTAGE_LIMIT_MS = 5000;

/**
 * Of more answers than these Deno reads this many in a turn, and then those of
 * the ports that were asked last: the others would never be read, and look
 * silent.
 */
const ANSWERS_PER_TURN = 128;

/**
 * Which port is asked next: each once, then those that were silent once more,
 * for one SYN of a hundred is lost even on a good network. When that has shown
 * that some do get lost, a third time.
 */
export class PortQueue {
  readonly #fresh: Iterator<number>;
  readonly #signal: AbortSignal | undefined;
  readonly #startsPerTurn: number;
  #startsLeft: number;
  #turn: Promise<void> | null = null;
  readonly #again: number[] = [];
  readonly #silences = new Map<number, number>();
  #mostSilences = 2;
  /** Since when nothing but a shortage was met; null: it was not. */
  #shortSinceMs: number | null = null;
  #ended = false;

  constructor(
    ports: Iterable<number>,
    concurrency: number,
    signal?: AbortSignal,
  ) {
    this.#fresh = ports[Symbol.iterator]();
    this.#signal = signal;
    this.#startsPerTurn = concurrency > ANSWERS_PER_TURN
      ? ANSWERS_PER_TURN / 2
      : Infinity;
    this.#startsLeft = this.#startsPerTurn;
  }

  /** Null: there is nothing left to ask, or the scan is to end. */
  async next(): Promise<number | null> {
    while (this.#startsLeft === 0) await (this.#turn ??= this.#nextTurn());
    if (this.#ended || this.#signal?.aborted) return null;
    const port = this.#fresh.next().value ?? this.#again.shift() ?? null;
    if (port !== null) this.#startsLeft--;
    return port;
  }

  /** A timer comes when all that has arrived is read. */
  async #nextTurn(): Promise<void> {
    await delay(0);
    this.#startsLeft = this.#startsPerTurn;
    this.#turn = null;
  }

  /** Whether that is the last word on the port. If not, it is asked again. */
  settles(result: PortResult): boolean {
    this.#shortSinceMs = null;
    const silences = this.#silences.get(result.port) ?? 0;
    if (!isSilence(result)) {
      if (silences > 0) this.#mostSilences = 3;
      return true;
    }
    if (silences + 1 >= this.#mostSilences) return true;
    this.#silences.set(result.port, silences + 1);
    this.#again.push(result.port);
    return false;
  }

  /**
   * Asks the port again after a while when this machine was short of something:
   * that passes, and is never the state of a port.
   *
   * @throws `error` itself when it is no shortage, or when for five seconds
   * no port was settled.
   */
  async postpone(port: number, error: unknown): Promise<void> {
    if (this.#signal?.aborted) return;
    const now = performance.now();
    const stuckMs = now - (this.#shortSinceMs ??= now);
    if (!isShortage(error) || stuckMs > SHORTAGE_LIMIT_MS) throw error;
    await delay(SHORTAGE_WAIT_MS);
    this.#again.push(port);
  }

  /** Nothing further is asked; what is under way comes to its end. */
  end(): void {
    this.#ended = true;
  }
}
