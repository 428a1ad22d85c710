/** How often one may be wrong before the first pause. */
export const TRIES = 3;
const FIRST_PAUSE_MS = 5000;
const LONGEST_PAUSE_MS = 5 * 60_000;
/** Who was wrong longer ago than this begins anew. */
const FORGET_MS = 15 * 60_000;

interface Failures {
  count: number;
  lastMs: number;
}

/**
 * Slows down who guesses: after three wrong tries for a name from an address
 * there is a pause, which doubles with each more. Others are not slowed down,
 * so nobody can lock a user out from elsewhere.
 */
export class LoginThrottle {
  readonly #failures = new Map<string, Failures>();
  readonly #maxKeys: number;
  readonly #now: () => number;

  /**
   * Over `maxKeys` the one that was wrong longest ago is forgotten: to make us
   * forget costs more tries than it gives. `now` is a clock in ms.
   */
  constructor({ maxKeys = 10_000, now = () => performance.now() } = {}) {
    this.#maxKeys = maxKeys;
    this.#now = now;
  }

  get size(): number {
    return this.#failures.size;
  }

  /** How long `key` has to wait, in ms; 0: not at all. */
  waitMs(key: string): number {
    const { count, lastMs } = this.#failures.get(key) ?? { count: 0 };
    if (lastMs === undefined || count < TRIES) return 0;
    const pauseMs = FIRST_PAUSE_MS * 2 ** (count - TRIES);
    const endMs = lastMs + Math.min(pauseMs, LONGEST_PAUSE_MS);
    return Math.max(0, endMs - this.#now());
  }

  failed(key: string): void {
    const lastMs = this.#now();
    const before = this.#failures.get(key);
    const recent = before && lastMs - before.lastMs < FORGET_MS;
    // Behind all others: a Map keeps its order.
    this.#failures.delete(key);
    this.#failures.set(key, { count: recent ? before.count + 1 : 1, lastMs });
    if (this.#failures.size <= this.#maxKeys) return;
    for (const oldest of this.#failures.keys()) {
      this.#failures.delete(oldest);
      break;
    }
  }

  succeeded(key: string): void {
    this.#failures.delete(key);
  }
}
