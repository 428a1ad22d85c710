import type { Writer } from "../../protocol/write_all.ts";

/** Who read our stdout has gone: `| head -1`. The command ends, silently. */
export class OutputClosedError extends Error {
  override name = "OutputClosedError";
}

const encoder = new TextEncoder();

/**
 * Writes a result on stdout, as one line.
 *
 * @throws {OutputClosedError} Nobody reads it any more. `console.log` would
 * hide that, and a client of an endless server would go on for ever.
 */
export function printLine(text: string): void {
  const line = encoder.encode(`${text}\n`);
  try {
    for (let written = 0; written < line.length;) {
      written += Deno.stdout.writeSync(line.subarray(written));
    }
  } catch (error) {
    throw closedOr(error);
  }
}

/** Stdout for bytes; its end is an `OutputClosedError` too. */
export const stdoutBytes: Writer = {
  async write(data) {
    try {
      return await Deno.stdout.write(data);
    } catch (error) {
      throw closedOr(error);
    }
  },
};

function closedOr(error: unknown): unknown {
  return error instanceof Deno.errors.BrokenPipe
    ? new OutputClosedError("The output was closed", { cause: error })
    : error;
}
