import { format as formatBytes } from "@std/fmt/bytes";
import type { FileEntry } from "../../protocol/file_reply.ts";
import { jsonLine } from "../../protocol/printable.ts";
import { enableColorOnTerminal } from "../terminal/colors.ts";
import { ExerciseError } from "../terminal/exercise_error.ts";
import { streamLine } from "../terminal/stdout.ts";
import type { FileClient } from "./file_client.ts";
import { formatRefusal, formatTable } from "./report.ts";

/**
 * Shows what the server offers, and returns it.
 *
 * @throws {ExerciseError} The server refuses to tell.
 */
export async function listFiles(
  client: FileClient,
  { json = false, numbered = false } = {},
): Promise<FileEntry[]> {
  const listing = await client.list();
  if (listing.kind === "error") {
    throw new ExerciseError(formatRefusal("LIST", listing));
  }
  const { files } = listing;
  if (json) {
    const lines = files.map(({ name, size }) => jsonLine({ name, size }));
    if (lines.length > 0) await streamLine(lines.join("\n"));
    return files;
  }
  enableColorOnTerminal();
  if (files.length > 0) await streamLine(formatTable(files, { numbered }));
  const bytes = files.reduce((sum, { size }) => sum + size, 0);
  console.error(`${files.length} files, ${formatBytes(bytes)}`);
  return files;
}
