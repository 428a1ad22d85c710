import type { Connect, Network } from "../../../protocol/transport/socket.ts";

/** What the demo shows of one exercise. */
export interface Step {
  /** The command that does this outside the demo. */
  command: string;
  title: string;
  /** What to look at. */
  shows: string;
  /** What came out, in one line; throws when it is not what it must be. */
  run: (stage: Stage) => Promise<string>;
}

export interface Stage {
  signal: AbortSignal;
  /** For the exchange that the step shows. */
  connect: Connect;
  /** For its server, and who else is there: only `--trace` tells of them. */
  network: Network;
}

/** Where the demo's servers listen. */
export const HOST = "127.0.0.1";

/** The laboratory's own, wherever it is started from. */
export const SHARED_FILES = `${import.meta.dirname}/../../../shared_files`;

/** Ends the step when the result is not what it must be. */
export function check(
  condition: boolean,
  otherwise: string,
): asserts condition {
  if (!condition) throw new Error(`Wrong result: ${otherwise}`);
}

/** Says nothing until there is nobody to say it to. */
// deno-lint-ignore require-yield
export async function* silence(signal: AbortSignal): AsyncGenerator<string> {
  await new Promise((resolve) => signal.addEventListener("abort", resolve));
}
