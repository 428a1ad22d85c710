/** The media type of `renderMetrics`: Prometheus' text format. */
export const METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8";

/**
 * One metric, as plain data: it can be sent to another thread, and added to
 * what was counted there.
 */
export interface Metric {
  /** By the conventions of Prometheus: `tcplab_sent_bytes_total`. */
  name: string;
  /** A counter only grows. */
  type: "counter" | "gauge" | "histogram";
  help: string;
  /** By what follows the name: "", `{reason="idle"}`, `_bucket{le="1"}`. */
  samples: Record<string, number>;
}

/** Reads the counters of one part of a server, as they are now. */
export type MetricsSource = () => Metric[] | Promise<Metric[]>;

/**
 * All that a server counts. Its parts count in plain fields, whether somebody
 * asks or not, and are read when somebody does.
 */
export class Metrics {
  readonly #sources: MetricsSource[] = [];

  add(source: MetricsSource): void {
    this.#sources.push(source);
  }

  async read(): Promise<Metric[]> {
    const parts = await Promise.all(this.#sources.map((source) => source()));
    return addMetrics(parts.flat());
  }
}

export function counter(
  name: string,
  help: string,
  value: number | Metric["samples"],
): Metric {
  return { name, type: "counter", help, samples: samplesOf(value) };
}

export function gauge(
  name: string,
  help: string,
  value: number | Metric["samples"],
): Metric {
  return { name, type: "gauge", help, samples: samplesOf(value) };
}

function samplesOf(value: number | Metric["samples"]): Metric["samples"] {
  return typeof value === "number" ? { "": value } : value;
}

/**
 * A sample for each of `counts`. Its keys must come from a fixed set, not from
 * a peer: each one is kept for ever by who collects them.
 */
export function labelled(
  label: string,
  counts: Record<string, number>,
): Metric["samples"] {
  const samples = Object.entries(counts).map(([value, count]) => [
    `{${label}="${value}"}`,
    count,
  ]);
  return Object.fromEntries(samples);
}

/** Each metric once: samples of the same name are added up. */
export function addMetrics(metrics: readonly Metric[]): Metric[] {
  const sums = new Map<string, Metric>();
  for (const metric of metrics) {
    const sum = sums.get(metric.name) ?? { ...metric, samples: {} };
    sums.set(metric.name, sum);
    for (const [key, value] of Object.entries(metric.samples)) {
      sum.samples[key] = (sum.samples[key] ?? 0) + value;
    }
  }
  return [...sums.values()];
}

/** Prometheus' text format, version 0.0.4. */
export function renderMetrics(metrics: readonly Metric[]): string {
  return metrics.map(({ name, type, help, samples }) => {
    const lines = Object.entries(samples)
      .map(([key, value]) => `${name}${key} ${value}\n`);
    return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${lines.join("")}`;
  }).join("");
}
