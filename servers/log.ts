/** One thing that happened, as data. `event` says what. */
export interface LogEntry {
  event: string;
  [field: string]: string | number;
}

/** Where a server tells what happens: it never prints by itself. */
export type Log = (entry: LogEntry) => void;
