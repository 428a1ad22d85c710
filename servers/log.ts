/** One thing that happened, as data. `event` says what. */
export interface LogEntry {
  event: string;
  [field: string]: string | number;
}

/** Where a server tells what happens: it never prints by itself. */
export type Log = (entry: LogEntry) => void;

/** A log that cannot be written, on a full disk say, ends no server. */
export function harmless(log: Log = () => {}): Log {
  return (entry) => {
    try {
      log(entry);
    } catch {
      // There is nowhere left to tell of it.
    }
  };
}
