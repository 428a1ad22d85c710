/** How much one wants to be told; each level tells what those before it do. */
export const LOG_LEVELS = ["error", "info", "debug"] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** An event, as data. `event` is its name. */
export interface LogEntry {
  event: string;
  /** `info` where it is not said. */
  level?: LogLevel;
  [field: string]: string | number | undefined;
}

/** Where a server reports events. A server itself never prints. */
export type Log = (entry: LogEntry) => void;

/** Ignores the errors of `log`: a full disk, say, must not end a server. */
export function harmless(log: Log = () => {}): Log {
  return (entry) => {
    try {
      log(entry);
    } catch {
      // There is nowhere left to report it.
    }
  };
}
