import { takesEscapes } from "./capabilities.ts";

/** What stands on the last rows of the terminal, and is drawn there again. */
export interface LastRows {
  erase(): void;
  draw(): void;
}

/** Return to column 0, erase to the end of the line (ECMA-48 EL). */
const ERASE = "\r\x1b[K";

let lastRows: LastRows | null = null;

/** Until it is disposed, what is told by the way comes above `rows`. */
export function keepBelow(rows: LastRows): Disposable {
  lastRows = rows;
  return {
    [Symbol.dispose]() {
      if (lastRows === rows) lastRows = null;
    },
  };
}

/**
 * Tells something by the way, on a line of its own on stderr, above what is
 * typed there, and in place of a progress line.
 */
export function printAside(text: string): void {
  lastRows?.erase();
  try {
    // A progress line draws itself anew.
    writeStderr(`${takesEscapes(Deno.stderr) ? ERASE : ""}${text}\n`);
  } catch {
    // Nobody there to read it, or a full disk, ends no command.
  }
  lastRows?.draw();
}

/** Writes all of `text` on stderr, as it is. */
export function writeStderr(text: string): void {
  const bytes = new TextEncoder().encode(text);
  for (let written = 0; written < bytes.length;) {
    written += Deno.stderr.writeSync(bytes.subarray(written));
  }
}
