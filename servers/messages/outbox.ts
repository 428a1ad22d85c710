import type { Writer } from "../../protocol/transport/socket.ts";

/** All of `pieces`, one after the other. */
export function concat(pieces: readonly Uint8Array[]): Uint8Array {
  const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
  const bytes = new Uint8Array(length);
  let end = 0;
  for (const piece of pieces) {
    bytes.set(piece, end);
    end += piece.length;
  }
  return bytes;
}

/** The sending side of a connection. */
export interface Sender extends Writer {
  /** Sends FIN. */
  closeWrite(): Promise<void>;
  close(reason?: unknown): void;
}

/** How long a peer may take to read the last bytes and to end its side. */
export const LINGER_MS = 1000;

/**
 * Smaller pieces are copied behind each other for one write. Larger ones are
 * many lines already, shared with other clients, and go as they are: ten
 * thousand copies would cost more than the writes.
 */
const SMALL_BYTES = 1024;
const MAX_COPIED_BYTES = 64 * 1024;

/** More pieces than this are copied in any case: each costs by itself. */
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
  #waiting: Uint8Array[] = [];
  #waitingBytes = 0;
  #broken = false;
  #end: PromiseWithResolvers<void> | null = null;
  #lingerTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    sender: Sender,
    readonly maxBytes: number,
    readonly lingerMs = LINGER_MS,
  ) {
    this.#sender = sender;
  }

  /** How much the kernel has not taken yet. */
  get queuedBytes(): number {
    return this.#writing + this.#waitingBytes;
  }

  /** Sends `pieces`, or says false: with them, too much would wait. */
  push(pieces: readonly Uint8Array[]): boolean {
    const length = lengthOf(pieces);
    if (this.#broken || length === 0) return true;
    const isBusy = this.#writing > 0;
    if (isBusy && this.queuedBytes + length > this.maxBytes) return false;
    this.#keep(pieces);
    if (!isBusy) this.#writeNext();
    return true;
  }

  /**
   * Sends the last pieces, then FIN; after `lingerMs` the connection is closed,
   * whatever the peer has read. Where there is no room for the last pieces,
   * what waits is dropped in their favour, save the write on its way: half of
   * a line must not be followed by something else.
   */
  end(pieces: readonly Uint8Array[]): void {
    this.#end = Promise.withResolvers();
    this.#lingerTimer = setTimeout(() => this.#sender.close(), this.lingerMs);
    if (!this.push(pieces)) {
      this.#waiting = [];
      this.#waitingBytes = 0;
      this.#keep(pieces);
    }
    if (this.#broken) this.#end.resolve();
    else if (this.#writing === 0) this.#writeNext();
  }

  /** Fulfilled after `end()` when FIN was sent, or cannot be. */
  get ended(): Promise<void> | undefined {
    return this.#end?.promise;
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#lingerTimer);
  }

  #keep(pieces: readonly Uint8Array[]): void {
    if (this.#waiting.length > MAX_PIECES) {
      this.#waiting = [concat(this.#waiting)];
    }
    this.#waiting.push(...pieces);
    this.#waitingBytes += lengthOf(pieces);
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
    else this.#writeNext();
  }

  #writeNext(): void {
    if (this.#waiting.length > 0) {
      const bytes = takeWrite(this.#waiting);
      this.#waitingBytes -= bytes.length;
      this.#write(bytes);
    } else if (this.#end) {
      this.#sender.closeWrite().then(
        () => this.#end?.resolve(),
        (error) => this.#break(error),
      );
    }
  }

  /** The peer is gone. Whoever reads from it is told why. */
  #break(error: unknown): void {
    this.#broken = true;
    this.#sender.close(error);
    this.#end?.resolve();
  }
}

/** Takes from the beginning of `pieces` what goes out in one write. */
function takeWrite(pieces: Uint8Array[]): Uint8Array {
  let bytes = pieces[0]!.length;
  let count = 1;
  for (; count < pieces.length && bytes < MAX_COPIED_BYTES; count++) {
    const { length } = pieces[count]!;
    if (length > SMALL_BYTES) break;
    bytes += length;
  }
  const taken = pieces.splice(0, count);
  return count === 1 ? taken[0]! : concat(taken);
}

function lengthOf(pieces: readonly Uint8Array[]): number {
  let length = 0;
  for (const piece of pieces) length += piece.length;
  return length;
}
