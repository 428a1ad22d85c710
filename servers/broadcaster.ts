import { delay } from "@std/async/delay";
import { Batch } from "./batch.ts";
import {
  type Listener,
  nextTurn,
  WRITES_PER_TURN,
  writesDone,
} from "./turns.ts";

/** More is not put together before it is sent: see `full`. */
const BATCH_BYTES = 64 * 1024;

const PATIENCE_MS = 1000;
const PATIENCE_STEP_MS = 10;

/**
 * Tells listeners what they have to hear. What is said in one turn of the
 * event loop goes out at its end, to each of them in one write.
 */
export class Broadcaster<L extends Listener> {
  readonly #onTooSlow: (listener: L) => void;
  /** Each with the number of the last batch that it has, or needs not. */
  readonly #listeners = new Map<L, number>();
  #batch = new Batch<L>();
  /** The batch before that while it is being sent, and its number. */
  #sending: Batch<L> | null = null;
  #number = 0;
  /** Fulfilled when `#batch` is sent; null while there is nothing in it. */
  #sent: PromiseWithResolvers<void> | null = null;
  /** How long it still waits for most of the room. */
  #leftMs: number;

  /** `onTooSlow` is told of a listener whose outbox has no more room. */
  constructor(
    onTooSlow: (listener: L) => void,
    readonly patienceMs = PATIENCE_MS,
  ) {
    this.#onTooSlow = onTooSlow;
    this.#leftMs = patienceMs;
  }

  get size(): number {
    return this.#listeners.size;
  }

  has(listener: L): boolean {
    return this.#listeners.has(listener);
  }

  listeners(): Iterable<L> {
    return this.#listeners.keys();
  }

  /**
   * Fulfilled when there may be room for more; null when there is. Where many
   * speak at once, those who hear it all must not look as if they were slow.
   */
  get full(): Promise<void> | null {
    if (this.#batch.length < BATCH_BYTES || !this.#sent) return null;
    return this.#sent.promise;
  }

  /** From now on `listener` hears what is told to all. */
  add(listener: L): void {
    this.#listeners.set(listener, this.#number);
    this.#batch.add(listener);
  }

  tell(listener: L, text: string): void {
    this.#batch.tell(listener, text);
    this.#sendSoon();
  }

  tellAll(text: string, except?: L): void {
    this.#batch.tellAll(text, except);
    this.#sendSoon();
  }

  /** `listener` hears nothing more. */
  remove(listener: L): void {
    this.#listeners.delete(listener);
  }

  /** Removes `listener`, after what there is to tell it, with FIN. */
  end(listener: L): void {
    if (this.#sending && this.#listeners.get(listener) !== this.#number) {
      // Where there is no room for it, the last words are what counts.
      listener.outbox.push(this.#sending.take(listener));
    }
    listener.outbox.end(this.#batch.take(listener));
    this.remove(listener);
  }

  #sendSoon(): void {
    if (this.#sent) return;
    this.#sent = Promise.withResolvers();
    void this.#send();
  }

  /** Batch after batch, until there is nothing in the next. */
  async #send(): Promise<void> {
    while (this.#sent) {
      await nextTurn();
      await this.#waitForMost();
      const { resolve } = this.#sent;
      await this.#sendBatch();
      this.#sent = this.#batch.length > 0 ? Promise.withResolvers() : null;
      resolve();
    }
  }

  async #sendBatch(): Promise<void> {
    const batch = this.#batch;
    this.#batch = new Batch();
    this.#sending = batch;
    this.#number++;
    let begun: L[] = [];
    for (const [listener, number] of this.#listeners) {
      if (number === this.#number) continue;
      if (begun.length === WRITES_PER_TURN) {
        await writesDone(begun);
        begun = [];
        // It may have left meanwhile.
        if (!this.#listeners.has(listener)) continue;
      }
      begun.push(listener);
      this.#listeners.set(listener, this.#number);
      const pieces = batch.take(listener);
      if (!listener.outbox.push(pieces)) this.#onTooSlow(listener);
    }
    this.#sending = null;
  }

  /**
   * Who is far behind is too slow. But when most are, it is who speaks that is
   * too fast, and has to wait for them: as long as they read on, and for
   * `patienceMs` where they do not, since most may also have stopped reading.
   */
  async #waitForMost(): Promise<void> {
    let before = this.#bytesOfMost();
    while (before > 0 && this.#leftMs > 0) {
      await delay(PATIENCE_STEP_MS);
      const now = this.#bytesOfMost();
      this.#leftMs = now < before
        ? this.patienceMs
        : this.#leftMs - PATIENCE_STEP_MS;
      before = now;
    }
    if (before === 0) this.#leftMs = this.patienceMs;
  }

  /** What waits for those who are far behind; 0 when they are but a few. */
  #bytesOfMost(): number {
    let count = 0;
    let bytes = 0;
    for (const { outbox: { queuedBytes, maxBytes } } of this.listeners()) {
      if (queuedBytes <= maxBytes / 2) continue;
      count++;
      bytes += queuedBytes;
    }
    return count < this.size / 2 ? 0 : bytes;
  }
}
