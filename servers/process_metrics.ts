import { gauge, type Metric } from "./metrics.ts";

/** Waking up ten times a second would cost twice as much as being asked. */
const SAMPLE_MS = 200;
/** A timer is a millisecond or two late in an idle process, too. */
const BOUNDS_SECONDS = [0.005, 0.02, 0.1, 0.5, 2];

/**
 * What the process needs, and how late its event loop is: while that is busy
 * with one thing, all clients wait.
 */
export class ProcessMetrics implements Disposable {
  readonly #buckets: number[] = BOUNDS_SECONDS.map(() => 0);
  #count = 0;
  #sumSeconds = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    this.#wait();
  }

  read(): Metric[] {
    const { rss, heapUsed } = Deno.memoryUsage();
    const startSeconds = performance.timeOrigin / 1000;
    return [
      gauge(
        "process_resident_memory_bytes",
        "Memory that the process holds.",
        rss,
      ),
      gauge(
        "process_start_time_seconds",
        "When the process began, in seconds since 1970.",
        startSeconds,
      ),
      gauge("tcplab_heap_used_bytes", "JavaScript objects.", heapUsed),
      this.#delays(),
    ];
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
  }

  #wait(): void {
    const dueMs = performance.now() + SAMPLE_MS;
    this.#timer = setTimeout(() => {
      this.#observe((performance.now() - dueMs) / 1000);
      this.#wait();
    }, SAMPLE_MS);
  }

  #observe(measuredSeconds: number): void {
    const seconds = Math.max(0, measuredSeconds);
    this.#count++;
    this.#sumSeconds += seconds;
    for (const [i, bound] of BOUNDS_SECONDS.entries()) {
      if (seconds <= bound) this.#buckets[i]!++;
    }
  }

  #delays(): Metric {
    const buckets = BOUNDS_SECONDS.map((bound, i) => [
      `_bucket{le="${bound}"}`,
      this.#buckets[i]!,
    ]);
    return {
      name: "tcplab_event_loop_delay_seconds",
      type: "histogram",
      help: "How late a timer is, five times a second.",
      samples: {
        ...Object.fromEntries(buckets),
        '_bucket{le="+Inf"}': this.#count,
        _sum: this.#sumSeconds,
        _count: this.#count,
      },
    };
  }
}
