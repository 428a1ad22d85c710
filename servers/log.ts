/** An event, as data. `event` is its name. */
export interface LogEntry {
  event: string;
  [field: string]: string | number;
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
