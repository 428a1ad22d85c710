import { ProtocolError } from "../../protocol/errors.ts";
import { Countdown } from "../../protocol/transport/deadline.ts";

/** The sending side of a connection. */
export interface Sender {
  /** Writes part of `data` and returns the count. */
  writePart(data: Uint8Array): Promise<number>;
  /** Sends FIN. */
  closeWrite(): Promise<void>;
  close(reason?: unknown): void;
}

/** How long a peer may take to read the last bytes and send FIN, in ms. */
export const LINGER_MS = 1000;

const STAYED = "The peer did not close its side";

/**
 * Waiting pieces are joined into one write up to this size. A larger piece is
 * many lines, shared with other clients, and is sent as it is.
 */
const MAX_COPIED_BYTES = 64 * 1024;

/** More pieces than this are always joined: each has a cost of its own. */
const MAX_PIECES = 256;

/**
 * The bounded send queue of one client; nobody waits for it. It is the
 * connection's only writer, since two would interleave their data. During a
 * write, it collects all new pieces for the next one.
 */
export class Outbox implements Disposable {
  readonly #sender: Sender;
  /** Bytes of the current write that the kernel has not taken yet. */
  #writing = 0;
  #waiting: Uint8Array[] = [];
  #waitingBytes = 0;
  #broken = false;
  #end: PromiseWithResolvers<void> | null = null;
  #linger: Countdown | null = null;

  constructor(
    sender: Sender,
    readonly maxBytes: number,
    readonly lingerMs = LINGER_MS,
  ) {
    this.#sender = sender;
  }

  /** Bytes that the kernel has not taken yet. */
  get queuedBytes(): number {
    return this.#writing + this.#waitingBytes;
  }

  /** Sends `pieces`; false if too many bytes would then wait. */
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
   * Sends the last pieces, then FIN. After `lingerMs` the connection is closed,
   * whatever the peer has read. If there is no room for the last pieces, they
   * replace what waits, but not the current write: half a line must not be
   * followed by something else.
   */
  end(pieces: readonly Uint8Array[]): void {
    this.#end = Promise.withResolvers();
    this.#linger = Countdown.after(
      this.lingerMs,
      () => this.#sender.close(new ProtocolError(STAYED)),
    );
    if (!this.push(pieces)) {
      this.#waiting = [];
      this.#waitingBytes = 0;
      this.#keep(pieces);
    }
    if (this.#broken) this.#end.resolve();
    else if (this.#writing === 0) this.#writeNext();
  }

  /** Resolves after `end()` when FIN was sent, or cannot be. */
  get ended(): Promise<void> | undefined {
    return this.#end?.promise;
  }

  [Symbol.dispose](): void {
    this.#linger?.stop();
  }

  #keep(pieces: readonly Uint8Array[]): void {
    if (this.#waiting.length > MAX_PIECES) {
      this.#waiting = [concat(this.#waiting)];
    }
    this.#waiting.push(...pieces);
    this.#waitingBytes += lengthOf(pieces);
  }

  /** Not awaited: many of these run at once. */
  #writeNext(): void {
    this.#writing = 0;
    const bytes = takeWrite(this.#waiting);
    if (bytes !== null) {
      this.#waitingBytes -= bytes.length;
      this.#write(bytes);
    } else if (this.#end) {
      this.#sender.closeWrite().then(
        () => this.#end?.resolve(),
        (error) => this.#break(error),
      );
    }
  }

  #write(bytes: Uint8Array): void {
    this.#writing = bytes.length;
    this.#sender.writePart(bytes).then((count) => {
      if (count < bytes.length) this.#write(bytes.subarray(count));
      else this.#writeNext();
    }, (error) => this.#break(error));
  }

  /** The peer is gone. A pending read rejects with `error`. */
  #break(error: unknown): void {
    this.#broken = true;
    this.#sender.close(error);
    this.#end?.resolve();
  }
}

/** Removes what goes out in one write from the front of `pieces`, if any. */
function takeWrite(pieces: Uint8Array[]): Uint8Array | null {
  let bytes = pieces[0]?.length ?? 0;
  let count = 1;
  for (; count < pieces.length; count++) {
    bytes += pieces[count]!.length;
    if (bytes > MAX_COPIED_BYTES) break;
  }
  const taken = pieces.splice(0, count);
  return taken.length > 1 ? concat(taken) : taken[0] ?? null;
}

function concat(pieces: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(lengthOf(pieces));
  let end = 0;
  for (const piece of pieces) {
    bytes.set(piece, end);
    end += piece.length;
  }
  return bytes;
}

function lengthOf(pieces: readonly Uint8Array[]): number {
  let length = 0;
  for (const piece of pieces) length += piece.length;
  return length;
}
