import { counter, type Metric } from "../metrics.ts";
import type { FileHashes } from "./file_hashes.ts";
import type { SentCounts } from "./file_sender.ts";

/** What all connections of one file server have done together. */
export function fileMetrics(
  { sent: { files, bytes }, hashes }: { sent: SentCounts; hashes: FileHashes },
): Metric[] {
  return [
    counter("tcplab_files_sent_total", "Files sent to their end.", files),
    counter("tcplab_files_sent_bytes_total", "Bytes of files sent.", bytes),
    counter(
      "tcplab_files_hashes_total",
      "SHA-256 hashes computed, on request or while a file was sent.",
      hashes.computed,
    ),
  ];
}
