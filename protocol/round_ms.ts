/** A duration in ms for a report: microseconds are enough. */
export function roundMs(ms: number): number {
  return Number(ms.toFixed(3));
}
