import { dim } from "@std/fmt/colors";
import { jsonLine } from "../../protocol/printable.ts";
import { enableColorOnTerminal } from "./colors.ts";
import type { Log, LogEntry } from "../../servers/log.ts";

/** A server's log on stderr: one readable line an entry, or one JSON object. */
export function stderrLog({ json, quiet }: {
  json: boolean;
  quiet: boolean;
}): Log {
  if (quiet) return () => {};
  if (json) {
    return (entry) =>
      console.error(
        jsonLine({ time: new Date().toISOString(), ...entry }),
      );
  }
  enableColorOnTerminal(Deno.stderr);
  return (entry) => console.error(formatLogEntry(entry));
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
