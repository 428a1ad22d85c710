import type { Connect } from "../../../protocol/transport/mod.ts";

/** What a step gets to work with. */
export interface Stage {
  signal: AbortSignal;
  /** `Deno.connect`, shown to who watches. */
  connect: Connect;
}

export interface Step {
  /** The command that does this outside the demo. */
  command: string;
  title: string;
  /** What to look at. */
  shows: string;
  /** What came out, in one line; throws when it is not what it must be. */
  run: (stage: Stage) => Promise<string>;
}

/** Where the demo's servers listen. */
export const HOST = "127.0.0.1";

/** Ends the step when the result is not what it must be. */
export function check(
  condition: boolean,
  otherwise: string,
): asserts condition {
  if (!condition) throw new Error(`Wrong result: ${otherwise}`);
}
