import { delay } from "@std/async/delay";
import { nextTurn } from "../../protocol/transport/turn.ts";
import { Batch } from "./batch.ts";
import type { Outbox } from "./outbox.ts";

/** A client that lines can be sent to. */
export interface Recipient {
  readonly outbox: Outbox;
}

/** About how many reads and writes the event loop does in one turn. */
export const WRITES_PER_TURN = 100;

const MAX_WAITS = 10;

/**
 * Resolves when the event loop has had time for the writes just begun: it may
 * also be busy with new clients. When fewer than half are unfinished, those
 * peers are slow, and nobody waits for them.
 */
export async function writesDone(to: readonly Recipient[]): Promise<void> {
  await nextTurn();
  for (let waits = 0; waits < MAX_WAITS; waits++) {
    const writing = to.filter(({ outbox }) => outbox.queuedBytes > 0);
    if (writing.length < to.length / 2) return;
    await delay(1);
  }
}

/** A batch of this size is full: see `full`. */
const BATCH_BYTES = 64 * 1024;

const PATIENCE_MS = 1000;
const PATIENCE_STEP_MS = 10;

/**
 * Sends lines to recipients. The lines of one turn of the event loop go out at
 * its end, in one write per recipient.
 */
export class Broadcaster<L extends Recipient> {
  readonly #onTooSlow: (recipient: L) => void;
  /** Each with the number of the last batch that it has or does not need. */
  readonly #recipients = new Map<L, number>();
  #batch = new Batch<L>();
  /** The previous batch while it is being sent, and its number. */
  #sending: Batch<L> | null = null;
  #number = 0;
  /** Resolves when `#batch` is sent; null while it is empty. */
  #sent: PromiseWithResolvers<void> | null = null;
  #lastSendMs = 0;
  #lastEndMs = 0;
  /** How long it will still wait for most of the room, in ms. */
  #leftMs: number;

  /** `onTooSlow` is called with a recipient whose outbox is full. */
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
   * Resolves when there may be room for more; null when there is. It holds back
   * many senders, so that those who get all their lines do not seem slow.
   */
  get full(): Promise<void> | null {
    if (this.#batch.length < BATCH_BYTES || !this.#sent) return null;
    return this.#sent.promise;
  }

  /** Bytes that have not begun to be sent, each line counted once. */
  get waitingBytes(): number {
    return this.#batch.length;
  }

  /** From now on, `recipient` gets the lines for all. */
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

  /** `recipient` gets nothing more. */
  remove(recipient: L): void {
    this.#recipients.delete(recipient);
  }

  /** Removes `recipient` after sending what is left for it, then FIN. */
  end(recipient: L): void {
    if (this.#sending && this.#recipients.get(recipient) !== this.#number) {
      // If there is no room for both, the last lines matter more.
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

  /** Sends batch after batch, until the next one is empty. */
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
   * Collects lines for as long as the last batch took to send. Under load, half
   * of the time goes to reading, and many lines go out together. In a quiet
   * room, that time is already over.
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
        // It may have left in the meantime.
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
   * A client that is far behind is too slow. But when most are, the senders are
   * too fast and must wait: for as long as the others keep reading, or up to
   * `patienceMs` if they have stopped.
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

  /** Bytes queued for clients far behind; 0 when fewer than half are. */
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
