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
 * Writes `text` and a line end on stderr. That it cannot be written, on a full
 * disk say, ends no command: the results are on stdout.
 */
export function printNote(text: string): void {
  try {
    writeStderr(`${text}\n`);
  } catch {
    // There is nowhere left to say so.
  }
}

/**
 * Tells something by the way, on a line of its own on stderr, above what is
 * typed there, and in place of a progress line.
 */
export function printAside(text: string): void {
  lastRows?.erase();
  // A progress line draws itself anew.
  printNote(`${takesEscapes(Deno.stderr) ? ERASE : ""}${text}`);
  lastRows?.draw();
}

const encoder = new TextEncoder();
/** Used again: bytes of long texts pile up until somebody looks after them. */
const buffer = new Uint8Array(16 * 1024);

/** Writes all of `text` on stderr, as it is. */
export function writeStderr(text: string): void {
  while (text !== "") {
    const { read, written } = encoder.encodeInto(text, buffer);
    for (let at = 0; at < written;) {
      at += Deno.stderr.writeSync(buffer.subarray(at, written));
    }
    text = text.slice(read);
  }
}
