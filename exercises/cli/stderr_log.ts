import { dim } from "@std/fmt/colors";
import { jsonLine } from "../../protocol/text.ts";
import type { Log, LogEntry } from "../../servers/log.ts";
import { enableColorOnTerminal } from "../terminal/capabilities.ts";
import { writeStderr } from "../terminal/stderr.ts";

/** A server's log on stderr: one readable line an entry, or one JSON object. */
export function stderrLog({ json, quiet }: {
  json: boolean;
  quiet: boolean;
}): Log {
  if (quiet) return () => {};
  const lines = new LineBatch();
  if (json) {
    return (entry) =>
      lines.push(jsonLine({ time: new Date().toISOString(), ...entry }));
  }
  enableColorOnTerminal(Deno.stderr);
  return (entry) => lines.push(formatLogEntry(entry));
}

/** `03:17:43 disconnect 127.0.0.1:51432 reason=reset` */
export function formatLogEntry(
  { event, peer, ...fields }: LogEntry,
  now = new Date(),
): string {
  const words = Object.entries(fields).map(([name, value]) =>
    `${name}=${value}`
  );
  if (peer !== undefined) words.unshift(String(peer));
  const clock = now.toTimeString().slice(0, 8);
  return `${dim(clock)} ${[event, ...words].join(" ")}`;
}

/**
 * The lines of one turn of the event loop go out in one write: with one write a
 * line the log was a third of what a short connection cost. Nothing is lost at
 * the end of the process.
 */
class LineBatch {
  #text = "";

  constructor() {
    globalThis.addEventListener("unload", this.#flush);
  }

  push(line: string): void {
    if (this.#text === "") setImmediate(this.#flush);
    this.#text += `${line}\n`;
  }

  readonly #flush = () => {
    const text = this.#text;
    this.#text = "";
    try {
      writeStderr(text);
    } catch {
      // A full disk, or nobody there to read it, ends no server.
    }
  };
}
