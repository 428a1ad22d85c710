import { abortable } from "@std/async/abortable";
import { writeAll, type Writer } from "../../protocol/write_all.ts";
import { stdoutBytes } from "./output.ts";

/**
 * Stdout for many bytes. A file or /dev/null takes them at once, and handing
 * each write to another thread would cost more than the write. A pipe or a
 * terminal can make us wait, and Ctrl-C must be heard meanwhile.
 */
export async function fastStdout(signal?: AbortSignal): Promise<Writer> {
  if (await canMakeUsWait()) {
    return {
      write(data) {
        const writing = stdoutBytes.write(data);
        return signal ? abortable(writing, signal) : writing;
      },
    };
  }
  return { write: (data) => Promise.resolve(Deno.stdout.writeSync(data)) };
}

/**
 * Writes `text` and a line end on stdout, as `printLine` does, where there may
 * be more than a pipe holds: who waits for a slow reader here still hears
 * Ctrl-C.
 *
 * @throws {OutputClosedError} Nobody reads it any more.
 */
export async function streamLine(text: string): Promise<void> {
  await writeAll(stdoutBytes, new TextEncoder().encode(`${text}\n`));
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
