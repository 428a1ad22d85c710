import { format as formatDuration } from "@std/fmt/duration";
import { takesEscapes } from "./capabilities.ts";
import { writeStderr } from "./stderr.ts";

const BAR_COLUMNS = 20;
const REDRAW_MS = 100;

/** Return to column 0, erase to the end of the line (ECMA-48 EL). */
const ERASE = "\r\x1b[K";
/**
 * DEC private mode 7. A line that wraps could not be taken back, and how wide
 * it is only the terminal knows for sure: it cuts the line. What comes last is
 * seen in the last column: a space.
 */
const [AUTOWRAP_OFF, AUTOWRAP_ON] = ["\x1b[?7l", " \x1b[?7h"];

/**
 * `[##########----------] 50%  512/1024  1024/s  1s left  Scanning`: what has
 * to be cut is at the end. `formatAmount` writes amounts: ports as they are,
 * bytes as `4.1 kB`. What was done before the clock began, `from`, was not done
 * at this rate.
 */
export function renderProgress(
  label: string,
  { done, total, from = 0, elapsedMs }: {
    done: number;
    total: number;
    from?: number;
    elapsedMs: number;
  },
  formatAmount: (amount: number) => string = String,
): string {
  const share = total === 0 ? 1 : done / total;
  const filled = Math.floor(share * BAR_COLUMNS);
  const bar = "#".repeat(filled).padEnd(BAR_COLUMNS, "-");
  const rate = elapsedMs > 0 ? (done - from) / elapsedMs * 1000 : 0;
  const words = [
    `[${bar}] ${Math.floor(share * 100)}%`,
    `${formatAmount(done)}/${formatAmount(total)}`,
    `${formatAmount(Math.round(rate))}/s`,
  ];
  if (rate > 0 && done < total) {
    words.push(`${formatTimeLeft((total - done) / rate)} left`);
  }
  return [...words, label].join("  ");
}

function formatTimeLeft(seconds: number): string {
  const ms = Math.ceil(seconds) * 1000;
  return formatDuration(ms, { style: "narrow", ignoreZero: true }) || "0s";
}

/** What is done sooner needs no bar: it would only flash. */
const APPEAR_MS = 300;

/**
 * A progress line on stderr, of work that takes longer than a moment. Where
 * stderr takes no escape sequences it would be noise, and draws nothing.
 */
export class Progress {
  readonly #enabled: boolean;
  readonly #now: () => number;
  readonly #write: (text: string) => void;
  readonly #startMs: number;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #done = 0;
  #from: number | undefined;
  #drawnMs = -Infinity;
  #shown = false;

  constructor(
    readonly label: string,
    readonly total: number,
    readonly formatAmount: (amount: number) => string = String,
    {
      enabled = takesEscapes(Deno.stderr),
      now = () => performance.now(),
      write = writeStderr,
    } = {},
  ) {
    this.#enabled = enabled;
    this.#now = now;
    this.#write = write;
    this.#startMs = now();
  }

  update(done: number): void {
    if (!this.#enabled) return;
    this.#done = done;
    this.#from ??= done;
    const elapsedMs = this.#now() - this.#startMs;
    if (elapsedMs < APPEAR_MS) {
      // The next one may be long in coming.
      this.#timer ??= setTimeout(this.#draw, APPEAR_MS - elapsedMs);
      return;
    }
    // The last one stays, where something else is waited for behind it.
    const due = this.#now() - this.#drawnMs >= REDRAW_MS;
    if (due || done >= this.total) this.#draw();
  }

  readonly #draw = () => {
    this.#drawnMs = this.#now();
    this.#shown = true;
    const line = renderProgress(this.label, {
      done: this.#done,
      total: this.total,
      from: this.#from ?? 0,
      elapsedMs: this.#drawnMs - this.#startMs,
    }, this.formatAmount);
    this.#write(`${ERASE}${AUTOWRAP_OFF}${line}${AUTOWRAP_ON}`);
  };

  /** Takes the line away, so that what is printed next starts clean. */
  clear(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#shown) this.#write(ERASE);
    this.#shown = false;
  }
}
