import { concat } from "../protocol/concat.ts";
import type { Writer } from "../protocol/write_all.ts";

/** The sending side of a connection. */
export interface Sender extends Writer {
  /** Sends FIN. */
  closeWrite(): Promise<void>;
  close(reason?: unknown): void;
}

/** How long a peer may take to read the last bytes and to end its side. */
export const LINGER_MS = 1000;

/** More pieces than this are put together: each costs more than its bytes. */
const MAX_PIECES = 256;

/**
 * What waits to be sent to one client: bounded, and never waited for. It is
 * the connection's only writer, since two would interleave their parts; while
 * one write is on its way, all that comes is kept together for the next.
 */
export class Outbox implements Disposable {
  readonly #sender: Sender;
  /** Bytes of the write on its way that the kernel has not taken yet. */
  #writing = 0;
  /** Most pieces are shared with other clients: they are not to be changed. */
  #waiting: Uint8Array[] | null = null;
  #waitingBytes = 0;
  #broken = false;
  #end: PromiseWithResolvers<void> | null = null;
  #lingerTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(sender: Sender, readonly maxBytes: number) {
    this.#sender = sender;
  }

  /** How much the kernel has not taken yet. */
  get queuedBytes(): number {
    return this.#writing + this.#waitingBytes;
  }

  /** Sends `bytes`, or says false: with them, too much would wait. */
  push(bytes: Uint8Array): boolean {
    if (this.#broken || bytes.length === 0) return true;
    if (this.#writing === 0) this.#write(bytes);
    else if (this.queuedBytes + bytes.length > this.maxBytes) return false;
    else this.#keep(bytes);
    return true;
  }

  /**
   * Sends the last bytes, then FIN; a second later the connection is closed,
   * whatever the peer has read. Where there is no room for the last bytes,
   * what waits is dropped in their favour, save the write on its way: half of
   * a line must not be followed by something else.
   */
  end(bytes: Uint8Array): void {
    this.#end = Promise.withResolvers();
    this.#lingerTimer = setTimeout(() => this.#sender.close(), LINGER_MS);
    if (!this.push(bytes)) {
      this.#waiting = null;
      this.#waitingBytes = 0;
      this.#keep(bytes);
    }
    if (this.#broken) this.#end.resolve();
    else if (this.#writing === 0) this.#finish();
  }

  /** Fulfilled after `end()` when FIN was sent, or cannot be. */
  get ended(): Promise<void> | undefined {
    return this.#end?.promise;
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#lingerTimer);
  }

  #keep(bytes: Uint8Array): void {
    this.#waiting ??= [];
    if (this.#waiting.length === MAX_PIECES) {
      this.#waiting = [concat(this.#waiting)];
    }
    this.#waiting.push(bytes);
    this.#waitingBytes += bytes.length;
  }

  #takeWaiting(): Uint8Array {
    const pieces = this.#waiting ?? [];
    const bytes = pieces.length === 1 ? pieces[0]! : concat(pieces);
    this.#waiting = null;
    this.#waitingBytes = 0;
    return bytes;
  }

  /** Never waited for: many of these go on at once. */
  #write(bytes: Uint8Array): void {
    this.#writing = bytes.length;
    this.#sender.write(bytes).then(
      (count) => this.#goOn(bytes.subarray(count)),
      (error) => this.#break(error),
    );
  }

  #goOn(rest: Uint8Array): void {
    this.#writing = 0;
    if (rest.length > 0) this.#write(rest);
    else if (this.#waiting) this.#write(this.#takeWaiting());
    else if (this.#end) this.#finish();
  }

  #finish(): void {
    this.#sender.closeWrite().then(
      () => this.#end?.resolve(),
      (error) => this.#break(error),
    );
  }

  /** The peer is gone. Whoever reads from it is told why. */
  #break(error: unknown): void {
    this.#broken = true;
    this.#sender.close(error);
    this.#end?.resolve();
  }
}
