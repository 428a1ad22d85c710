import { abortable } from "@std/async/abortable";
import { fstatSync } from "node:fs";
import { writeAll, type Writer } from "../../protocol/write_all.ts";
import { stdoutBytes } from "./output.ts";

/**
 * Stdout for many bytes. A file or /dev/null takes them at once, and handing
 * each write to another thread would cost more than the write. A pipe or a
 * terminal can make us wait, and Ctrl-C must be heard meanwhile.
 */
export function fastStdout(signal?: AbortSignal): Writer {
  if (canMakeUsWait()) {
    return {
      write(data) {
        const writing = stdoutBytes.write(data);
        return signal ? abortable(writing, signal) : writing;
      },
    };
  }
  return { write: (data) => Promise.resolve(Deno.stdout.writeSync(data)) };
}

let fast: Writer | undefined;

/**
 * Writes `text` and a line end on stdout, as `printLine` does, where there may
 * be more than a pipe holds: who waits for a slow reader here still hears
 * Ctrl-C.
 *
 * @throws {OutputClosedError} Nobody reads it any more.
 */
export async function streamLine(text: string): Promise<void> {
  fast ??= fastStdout();
  await writeAll(fast, new TextEncoder().encode(`${text}\n`));
}

function canMakeUsWait(): boolean {
  if (Deno.stdout.isTerminal()) return true;
  try {
    const stat = fstatSync(1);
    return !stat.isFile() && !stat.isCharacterDevice();
  } catch {
    return true; // Windows does not say.
  }
}
