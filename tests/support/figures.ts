import type { Metrics } from "../../servers/metrics.ts";

/** All samples by their names, such as `tcplab_logins_total{result="failed"}`. */
export async function figuresOf(
  metrics: Metrics,
): Promise<Record<string, number>> {
  return Object.fromEntries(
    (await metrics.read()).flatMap(({ name, samples }) =>
      Object.entries(samples).map(([key, value]) => [name + key, value])
    ),
  );
}

/** One of them; NaN: there is no such thing. */
export async function figureOf(
  metrics: Metrics,
  name: string,
): Promise<number> {
  return (await figuresOf(metrics))[name] ?? NaN;
}
