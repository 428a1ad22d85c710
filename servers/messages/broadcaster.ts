import { delay } from "@std/async/delay";
import { nextTurn } from "../../protocol/transport/turn.ts";
import { Batch } from "./batch.ts";
import type { Outbox } from "./outbox.ts";

/** Who can be told something. */
export interface Recipient {
  readonly outbox: Outbox;
}

/** The event loop does about so many reads and writes in one turn. */
export const WRITES_PER_TURN = 100;

const MAX_WAITS = 10;

/**
 * Fulfilled when the event loop has had the time for the writes just begun:
 * where many clients come at once it has other things to do, too. What a few
 * leave undone is not for want of time, and is not waited for.
 */
export async function writesDone(to: readonly Recipient[]): Promise<void> {
  await nextTurn();
  for (let waits = 0; waits < MAX_WAITS; waits++) {
    const writing = to.filter(({ outbox }) => outbox.queuedBytes > 0);
    if (writing.length < to.length / 2) return;
    await delay(1);
  }
}

/** More is not put together before it is sent: see `full`. */
const BATCH_BYTES = 64 * 1024;

const PATIENCE_MS = 1000;
const PATIENCE_STEP_MS = 10;

/**
 * Tells recipients what they have to hear. What is said in one turn of the
 * event loop goes out at its end, to each of them in one write.
 */
export class Broadcaster<L extends Recipient> {
  readonly #onTooSlow: (recipient: L) => void;
  /** Each with the number of the last batch that it has, or needs not. */
  readonly #recipients = new Map<L, number>();
  #batch = new Batch<L>();
  /** The batch before that while it is being sent, and its number. */
  #sending: Batch<L> | null = null;
  #number = 0;
  /** Fulfilled when `#batch` is sent; null while there is nothing in it. */
  #sent: PromiseWithResolvers<void> | null = null;
  #lastSendMs = 0;
  #lastEndMs = 0;
  /** How long it still waits for most of the room. */
  #leftMs: number;

  /** `onTooSlow` is told of a recipient whose outbox has no more room. */
  constructor(
    onTooSlow: (recipient: L) => void,
    readonly patienceMs = PATIENCE_MS,
  ) {
    this.#onTooSlow = onTooSlow;
    this.#leftMs = patienceMs;
  }

  get size(): number {
    return this.#recipients.size;
  }

  has(recipient: L): boolean {
    return this.#recipients.has(recipient);
  }

  recipients(): Iterable<L> {
    return this.#recipients.keys();
  }

  /**
   * Fulfilled when there may be room for more; null when there is. Where many
   * speak at once, those who hear it all must not look as if they were slow.
   */
  get full(): Promise<void> | null {
    if (this.#batch.length < BATCH_BYTES || !this.#sent) return null;
    return this.#sent.promise;
  }

  /** From now on `recipient` hears what is told to all. */
  add(recipient: L): void {
    this.#recipients.set(recipient, this.#number);
    this.#batch.add(recipient);
  }

  tell(recipient: L, text: string): void {
    this.#batch.tell(recipient, text);
    this.#sendSoon();
  }

  tellAll(text: string, except?: L): void {
    this.#batch.tellAll(text, except);
    this.#sendSoon();
  }

  /** `recipient` hears nothing more. */
  remove(recipient: L): void {
    this.#recipients.delete(recipient);
  }

  /** Removes `recipient`, after what there is to tell it, with FIN. */
  end(recipient: L): void {
    if (this.#sending && this.#recipients.get(recipient) !== this.#number) {
      // Where there is no room for it, the last words are what counts.
      recipient.outbox.push(this.#sending.take(recipient));
    }
    recipient.outbox.end(this.#batch.take(recipient));
    this.remove(recipient);
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
      await this.#gather();
      await this.#waitForMost();
      const { resolve } = this.#sent;
      const startMs = performance.now();
      await this.#sendBatch();
      this.#lastEndMs = performance.now();
      this.#lastSendMs = this.#lastEndMs - startMs;
      this.#sent = this.#batch.length > 0 ? Promise.withResolvers() : null;
      resolve();
    }
  }

  /**
   * Hears on for as long as the last batch took to send: under load half of the
   * time is for hearing, and many lines go out together. In a quiet room that
   * time is over already.
   */
  async #gather(): Promise<void> {
    const endMs = this.#lastEndMs + this.#lastSendMs;
    while (this.#batch.length < BATCH_BYTES && performance.now() < endMs) {
      await nextTurn();
    }
  }

  async #sendBatch(): Promise<void> {
    const batch = this.#batch;
    this.#batch = new Batch();
    this.#sending = batch;
    this.#number++;
    let begun: L[] = [];
    for (const [recipient, number] of this.#recipients) {
      if (number === this.#number) continue;
      if (begun.length === WRITES_PER_TURN) {
        await writesDone(begun);
        begun = [];
        // It may have left meanwhile.
        if (!this.#recipients.has(recipient)) continue;
      }
      begun.push(recipient);
      this.#recipients.set(recipient, this.#number);
      const pieces = batch.take(recipient);
      if (!recipient.outbox.push(pieces)) this.#onTooSlow(recipient);
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
    for (const { outbox: { queuedBytes, maxBytes } } of this.recipients()) {
      if (queuedBytes <= maxBytes / 2) continue;
      count++;
      bytes += queuedBytes;
    }
    return count < this.size / 2 ? 0 : bytes;
  }
}
