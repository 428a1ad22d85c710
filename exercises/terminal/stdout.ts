import { abortable } from "@std/async/abortable";
import { writeAll } from "../../protocol/transport/copy.ts";
import type { Writer } from "../../protocol/transport/socket.ts";

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

/**
 * Stdout for many bytes. A file or /dev/null takes them at once, and handing
 * each write to another thread would cost more than the write. A pipe or a
 * terminal can make us wait, and Ctrl-C must be heard meanwhile.
 */
export async function fastStdout(signal: AbortSignal): Promise<Writer> {
  return {
    write: await canMakeUsWait()
      ? (data) => abortable(stdoutBytes.write(data), signal)
      : (data) => Promise.resolve(Deno.stdout.writeSync(data)),
  };
}

/**
 * Writes `text` and a line end on stdout, as `printLine` does, where there may
 * be more than a pipe holds: who waits for a slow reader here still hears
 * Ctrl-C.
 *
 * @throws {OutputClosedError} Nobody reads it any more.
 */
export async function streamLine(text: string): Promise<void> {
  await writeAll(stdoutBytes, encoder.encode(`${text}\n`));
}

async function canMakeUsWait(): Promise<boolean> {
  if (Deno.stdout.isTerminal()) return true;
  // Loading it takes as long as starting Deno: only who has to know does so.
  const { fstatSync } = await import("node:fs");
  try {
    const stat = fstatSync(1);
    return !stat.isFile() && !stat.isCharacterDevice();
  } catch {
    return true; // Windows does not say.
  }
}
