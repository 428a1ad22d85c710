import { dim } from "@std/fmt/colors";
import { jsonLine } from "../../protocol/text.ts";
import {
  type Log,
  LOG_LEVELS,
  type LogEntry,
  type LogLevel,
} from "../../servers/log.ts";
import { enableColorOnTerminal } from "../terminal/capabilities.ts";
import { LineQueue } from "../terminal/line_queue.ts";

/** What a server was told of its log. */
export interface LogValues {
  json: boolean;
  quiet: boolean;
  log: LogLevel;
}

/** Who does not read may not keep a server from ending, in ms. */
const FINISH_MS = 1000;

/** One for all logs of the process: it has one stderr. */
let stderrLines: LineQueue | null = null;

/**
 * A server's log on stderr: one readable line an entry, or one JSON object. It
 * never waits for a reader.
 */
export function stderrLog({ json, quiet, log: level }: LogValues): Log {
  if (quiet) return () => {};
  const format = json ? jsonLogEntry : formatLogEntry;
  if (!json) enableColorOnTerminal(Deno.stderr);
  const lines = stderrLines ??= new LineQueue(
    Deno.stderr,
    (lines) => format({ level: "error", event: "log-dropped", lines }),
  );
  const told = LOG_LEVELS.slice(0, LOG_LEVELS.indexOf(level) + 1);
  return (entry) => {
    if (told.includes(entry.level ?? "info")) lines.push(format(entry));
  };
}

/** Resolves when all of it is written, or nobody seems to read it. */
export async function logWritten(): Promise<void> {
  await stderrLines?.written(FINISH_MS);
}

/** `03:17:43 disconnect 127.0.0.1:51432 read=7 written=7 ms=12 reason=reset` */
export function formatLogEntry(
  { event, level = "info", peer, ...fields }: LogEntry,
  now = Date.now(),
): string {
  let text = level === "info" ? event : `${level} ${event}`;
  if (peer !== undefined) text += ` ${peer}`;
  for (const name in fields) text += ` ${name}=${fields[name]}`;
  return `${dim(clockAt(now))} ${text}`;
}

let clock = { second: NaN, text: "" };

/** Asking for the local time was half of what a line cost: once a second. */
function clockAt(ms: number): string {
  const second = Math.floor(ms / 1000);
  if (second !== clock.second) {
    clock = { second, text: new Date(ms).toTimeString().slice(0, 8) };
  }
  return clock.text;
}

function jsonLogEntry({ level = "info", ...entry }: LogEntry): string {
  return jsonLine({ time: new Date().toISOString(), level, ...entry });
}
