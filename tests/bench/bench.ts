/** A peer's figure beside ours, measured in the same run. */
export interface PeerFigure {
  name: string;
  /** Null: the peer is not installed, or is missing what it needs. */
  value: number | null;
  /** The ratio ours / peer that we hold: at least it, or at most it. */
  wanted?: number;
}

/** One thing that was measured. */
export interface Figure {
  /** `echo, 32 clients x 64 bytes` */
  name: string;
  /** `round trips/s`, `s`, `MB` */
  unit: string;
  better: "higher" | "lower";
  ours: number;
  peers: PeerFigure[];
  /** Where no peer exists: the value that we hold. */
  wanted?: number;
}

/** A group of figures: `deno task bench <name>` runs it alone. */
export interface Bench {
  name: string;
  run: () => Promise<Figure[]>;
}

/** The middle of `values`; the mean of the two middle ones. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1
    ? sorted[middle]!
    : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/**
 * Measures ours and a peer's in turn, A B A B, so that a machine that speeds
 * up or slows down does so for both; the medians.
 */
export async function inTurn(
  runs: number,
  ...measure: (() => Promise<number>)[]
): Promise<number[]> {
  const values: number[][] = measure.map(() => []);
  for (let run = 0; run < runs; run++) {
    for (const [i, one] of measure.entries()) values[i]!.push(await one());
  }
  return values.map(median);
}
