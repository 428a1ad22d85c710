import type { Metrics } from "../../servers/metrics.ts";

/** All samples by their names, such as `tcplab_logins_total{result="failed"}`. */
export function figuresOf(metrics: Metrics): Record<string, number> {
  return Object.fromEntries(
    metrics.read().flatMap(({ name, samples }) =>
      Object.entries(samples).map(([key, value]) => [name + key, value])
    ),
  );
}

/** One of them; NaN: there is no such thing. */
export function figureOf(metrics: Metrics, name: string): number {
  return figuresOf(metrics)[name] ?? NaN;
}
