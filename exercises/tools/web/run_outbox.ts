import type { Exchange } from "../../cli/diagram/exchange.ts";
import type { TraceEvent } from "../../../protocol/transport/trace.ts";
import type { What } from "./event_log.ts";

/** What a run's worker has to tell. */
export type Piece =
  | { kind: "out" | "err"; text: string }
  | { kind: "trace"; event: TraceEvent }
  | { kind: "draw"; exchange: Exchange }
  | { kind: "dropped"; count: number; what: What }
  | { kind: "end"; code: number };

/** How much may wait: the page's server keeps no more of it anyway. */
const MAX_PIECES = { text: 2000, trace: 10_000 };
const MAX_SIZE = 4 * 1024 * 1024;

/** Who can wait does so from here on, in characters. */
const FULL = 1024 * 1024;

/** What is written in many small parts is told in fewer. */
const MAX_JOINED = 16 * 1024;

/**
 * Sent at a time, before it is heard that the last ones have arrived. Whoever
 * gets it does nothing else meanwhile.
 */
const MAX_BATCH = { pieces: 200, size: 128 * 1024 };

/**
 * What waits to be posted. One batch is on its way at a time, so that a run
 * that tells faster than anybody listens fills no memory: what is too much is
 * dropped, and counted.
 */
export class Outbox {
  readonly #post: (pieces: Piece[]) => void;
  #waiting: Piece[] = [];
  readonly #pieces = { text: 0, trace: 0 };
  readonly #size = { text: 0, trace: 0 };
  #isOnItsWay = false;
  #isScheduled = false;
  #room = Promise.withResolvers<void>();

  constructor(post: (pieces: Piece[]) => void) {
    this.#post = post;
  }

  push(piece: Piece): void {
    const what = whatOf(piece);
    const last = this.#waiting.at(-1);
    const isFull = this.#pieces[what] >= MAX_PIECES[what] ||
      this.#size[what] >= MAX_SIZE;
    if (isFull && piece.kind !== "end") {
      if (last?.kind === "dropped" && last.what === what) last.count++;
      else this.#waiting.push({ kind: "dropped", count: 1, what });
    } else {
      this.#size[what] += sizeOf(piece);
      if (!joined(last, piece)) {
        this.#pieces[what]++;
        this.#waiting.push(piece);
      }
    }
    this.#schedule();
  }

  /** Fulfilled when little enough waits. */
  async room(): Promise<void> {
    while (this.#size.text > FULL) await this.#room.promise;
  }

  /** The last batch has arrived. */
  arrived(): void {
    this.#isOnItsWay = false;
    if (this.#waiting.length > 0) this.#send();
  }

  /** Once a turn: all that is told in it goes together. */
  #schedule(): void {
    if (this.#isScheduled || this.#isOnItsWay) return;
    this.#isScheduled = true;
    setImmediate(() => {
      this.#isScheduled = false;
      if (!this.#isOnItsWay) this.#send();
    });
  }

  #send(): void {
    let [count, size] = [0, 0];
    for (const piece of this.#waiting) {
      if (count === MAX_BATCH.pieces || size > MAX_BATCH.size) break;
      count++;
      if (piece.kind === "dropped") continue;
      const what = whatOf(piece);
      size += sizeOf(piece);
      this.#pieces[what]--;
      this.#size[what] -= sizeOf(piece);
    }
    this.#isOnItsWay = true;
    this.#post(this.#waiting.splice(0, count));
    this.#room.resolve();
    this.#room = Promise.withResolvers();
  }
}

function whatOf({ kind }: Piece): What {
  return kind === "trace" ? "trace" : "text";
}

function sizeOf(piece: Piece): number {
  if (piece.kind === "trace") return piece.event.data?.length ?? 0;
  return "text" in piece ? piece.text.length : 0;
}

/** Puts a text behind the `last` piece, where that is of its kind and short. */
function joined(last: Piece | undefined, piece: Piece): boolean {
  if (!last || !("text" in last) || !("text" in piece)) return false;
  if (last.kind !== piece.kind || last.text.length >= MAX_JOINED) return false;
  last.text += piece.text;
  return true;
}
