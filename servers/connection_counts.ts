import {
  type Connection,
  END_KINDS,
  endKind,
} from "../protocol/transport/mod.ts";
import { counter, gauge, labelled, type Metric } from "./metrics.ts";

/** Counts connections and their bytes, also of those that are still open. */
export class ConnectionCounts {
  begun = 0;
  readonly ended = Object.fromEntries(END_KINDS.map((kind) => [kind, 0]));
  readonly #open = new Set<Connection>();
  #endedRead = 0;
  #endedWritten = 0;

  begin(conn: Connection): void {
    this.begun++;
    this.#open.add(conn);
  }

  /** `failure` is what ended it too early, or null. */
  end(conn: Connection, failure: unknown): void {
    const kind = endKind(failure);
    this.ended[kind] = (this.ended[kind] ?? 0) + 1;
    this.#open.delete(conn);
    this.#endedRead += conn.bytesRead;
    this.#endedWritten += conn.bytesWritten;
  }

  /** `begun` is the word for how they begin. */
  metrics(prefix: string, begun: "accepted" | "opened"): Metric[] {
    let read = this.#endedRead;
    let written = this.#endedWritten;
    for (const conn of this.#open) {
      read += conn.bytesRead;
      written += conn.bytesWritten;
    }
    return [
      counter(
        `${prefix}_connections_${begun}_total`,
        `Connections ${begun}.`,
        this.begun,
      ),
      gauge(
        `${prefix}_connections_open`,
        "Connections that are open now.",
        this.#open.size,
      ),
      counter(
        `${prefix}_connections_ended_total`,
        "Connections that have ended, by how.",
        labelled("reason", this.ended),
      ),
      counter(
        `${prefix}_received_bytes_total`,
        "Bytes read, without those of TLS.",
        read,
      ),
      counter(
        `${prefix}_sent_bytes_total`,
        "Bytes that the system has taken, without those of TLS.",
        written,
      ),
    ];
  }
}

export function refusedConnections(count: number): Metric {
  return counter(
    "tcplab_connections_refused_total",
    "Connections accepted only to be turned away.",
    count,
  );
}
