/** What is told of a run: what it wrote, or what its connections did. */
export type Told =
  | { kind: "out" | "err"; text: string }
  | { kind: "trace"; event: unknown }
  | { kind: "dropped"; count: number; what: What }
  | { kind: "end"; code: number };

export type What = "text" | "trace";

/** How much is kept of each: the newest. */
const MAX_ENTRIES = { text: 2000, trace: 10_000 };
const MAX_CHARACTERS = 4 * 1024 * 1024;

/** So much of it is handed out at a time. */
const MAX_BATCH = 500;

interface Entry {
  seq: number;
  /** How many entries up to this one are texts. */
  texts: number;
  /** Its line of NDJSON. */
  line: string;
}

/** Where a reader is: what it has got, or was told that it had missed. */
export interface Place {
  seq: number;
  texts: number;
}

/**
 * The events of a run, as lines of NDJSON. Of a long run the newest are kept;
 * whoever reads is told how many of them came too early for it.
 */
export class EventLog {
  readonly #entries: Record<What, Entry[]> = { text: [], trace: [] };
  readonly #characters = { text: 0, trace: 0 };
  #seq = 0;
  #texts = 0;
  #ended = false;
  #news = Promise.withResolvers<void>();

  /** `run` stands in every line: all runs share a stream. */
  constructor(readonly run: string) {}

  add(told: Told): void {
    if (this.#ended) return;
    const { kind, ...rest } = told;
    const what = kind === "trace" ? "trace" : "text";
    const seq = ++this.#seq;
    if (what === "text") this.#texts++;
    const line = `${JSON.stringify({ run: this.run, seq, kind, ...rest })}\n`;
    const entries = this.#entries[what];
    entries.push({ seq, texts: this.#texts, line });
    this.#characters[what] += line.length;
    while (
      entries.length > MAX_ENTRIES[what] ||
      this.#characters[what] > MAX_CHARACTERS && entries.length > 1
    ) {
      this.#characters[what] -= entries.shift()!.line.length;
    }
    this.#ended = kind === "end";
    this.#news.resolve();
    this.#news = Promise.withResolvers();
  }

  /** Behind the entry `seq`; 0: before the first. */
  placeAfter(seq: number): Place {
    const { text } = this.#entries;
    const texts = this.#texts - (text.length - indexAfter(text, seq));
    return { seq, texts: seq === 0 ? 0 : texts };
  }

  /**
   * The next lines, and `place` moves behind them; waits while there are none.
   * Null after the end, or when `signal` fires.
   */
  async read(place: Place, signal: AbortSignal): Promise<string | null> {
    const gone = Promise.withResolvers<void>();
    const onAbort = () => gone.resolve();
    signal.addEventListener("abort", onAbort);
    try {
      while (!signal.aborted) {
        const lines = this.#linesAfter(place);
        if (lines !== "") return lines;
        if (this.#ended) return null;
        await Promise.race([this.#news.promise, gone.promise]);
      }
      return null;
    } finally {
      signal.removeEventListener("abort", onAbort);
    }
  }

  #linesAfter(place: Place): string {
    const { text, trace } = this.#entries;
    let lines = "";
    let [i, j] = [indexAfter(text, place.seq), indexAfter(trace, place.seq)];
    for (let count = 0; count < MAX_BATCH; count++) {
      const [one, other] = [text[i], trace[j]];
      const isText = (one?.seq ?? Infinity) < (other?.seq ?? Infinity);
      const next = isText ? one : other;
      if (next === undefined) break;
      if (isText) i++;
      else j++;
      const texts = next.texts - (isText ? 1 : 0) - place.texts;
      const traces = next.seq - place.seq - 1 - texts;
      lines += this.#missed("text", texts) + this.#missed("trace", traces) +
        next.line;
      place.seq = next.seq;
      place.texts = next.texts;
    }
    return lines;
  }

  #missed(what: What, count: number): string {
    if (count <= 0) return "";
    const { run } = this;
    return `${JSON.stringify({ run, kind: "dropped", count, what })}\n`;
  }
}

/** Of the first entry behind `seq`. */
function indexAfter(entries: readonly Entry[], seq: number): number {
  let [low, high] = [0, entries.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (entries[middle]!.seq > seq) high = middle;
    else low = middle + 1;
  }
  return low;
}
