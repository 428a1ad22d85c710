const encoder = new TextEncoder();
const INITIAL_BYTES = 1024;

/** What one recipient gets that differs from the shared bytes. */
interface Own {
  pieces: Uint8Array[];
  /** It gets all shared bytes from this offset on. */
  from: number;
}

/**
 * Collects lines before they are sent: for all recipients, for all but one, or
 * for one. Most recipients share the same bytes: a line for ten thousand is
 * encoded once and kept once.
 */
export class Batch<L> {
  #shared = new Uint8Array(INITIAL_BYTES);
  #sharedLength = 0;
  /** All shared bytes, for most recipients; null after a change. */
  #all: readonly Uint8Array[] | null = null;
  readonly #own = new Map<L, Own>();
  #ownLength = 0;

  /** Bytes collected, each line counted once. */
  get length(): number {
    return this.#sharedLength + this.#ownLength;
  }

  /** Adds `recipient`, which gets none of the lines so far. */
  add(recipient: L): void {
    this.#own.set(recipient, { pieces: [], from: this.#sharedLength });
  }

  tell(recipient: L, text: string): void {
    const bytes = encoder.encode(text);
    this.#ownOf(recipient).pieces.push(bytes);
    this.#ownLength += bytes.length;
  }

  /** Adds a line for everyone but `except`. */
  tellAll(text: string, except?: L): void {
    const own = except === undefined ? null : this.#ownOf(except);
    this.#append(text);
    if (own) own.from = this.#sharedLength;
  }

  /** Everything for `recipient`, in the order in which it was added. */
  take(recipient: L): readonly Uint8Array[] {
    const own = this.#own.get(recipient);
    if (!own) return this.#all ??= this.#sharedFrom(0);
    return [...own.pieces, ...this.#sharedFrom(own.from)];
  }

  /** The separate pieces of `recipient`, complete up to here. */
  #ownOf(recipient: L): Own {
    const own = this.#own.get(recipient) ?? { pieces: [], from: 0 };
    this.#own.set(recipient, own);
    own.pieces.push(...this.#sharedFrom(own.from));
    own.from = this.#sharedLength;
    return own;
  }

  /** The shared bytes after `from`; no piece when there are none. */
  #sharedFrom(from: number): readonly Uint8Array[] {
    const to = this.#sharedLength;
    return from < to ? [this.#shared.subarray(from, to)] : [];
  }

  #append(text: string): void {
    // A UTF-16 unit is at most three bytes of UTF-8.
    const needed = this.#sharedLength + 3 * text.length;
    if (needed > this.#shared.length) {
      const larger = new Uint8Array(Math.max(needed, 2 * this.#shared.length));
      larger.set(this.#shared.subarray(0, this.#sharedLength));
      this.#shared = larger;
    }
    const free = this.#shared.subarray(this.#sharedLength);
    this.#sharedLength += encoder.encodeInto(text, free).written;
    this.#all = null;
  }
}
