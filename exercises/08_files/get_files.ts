import { printable, quote } from "../../protocol/text.ts";
import { ExerciseError } from "../cli/outcome.ts";
import { fastStdout, streamLine } from "../terminal/stdout.ts";
import { download, type DownloadOptions } from "./download.ts";
import type { Fetched, FetchFile } from "./fetched.ts";
import type { FileClient } from "./file_client.ts";
import {
  Display,
  formatFetched,
  formatRefusal,
  jsonFetched,
} from "./file_report.ts";
import { chooseTarget, STDOUT, targetPath } from "./target.ts";

export interface GetOptions
  extends Omit<DownloadOptions, "onNote" | "onProgress" | "onCheck"> {
  fetchFile: FetchFile;
  /** A folder, a file, or `-` for stdout; none: the current folder. */
  output?: string;
  json?: boolean;
}

/** Fetches one file after another, tells of each, counts those that failed. */
export async function getFiles(
  client: FileClient,
  names: readonly string[],
  { output = "", json = false, ...options }: GetOptions,
): Promise<number> {
  const target = await chooseTarget(output, names.length);
  let failed = 0;
  for (const name of names) {
    const startMs = performance.now();
    try {
      const path = targetPath(target, name);
      const fetched = await getFile(client, name, path, options);
      const elapsedMs = performance.now() - startMs;
      const line = json
        ? jsonFetched(name, path, fetched)
        : formatFetched(name, fetched, elapsedMs);
      if (path === STDOUT) console.error(line);
      else await streamLine(line);
    } catch (error) {
      // What explains itself is no reason to leave out the next.
      if (!(error instanceof ExerciseError)) throw error;
      console.error(`files: ${printable(error.message)}`);
      failed++;
    }
  }
  return failed;
}

/** @throws {ExerciseError} The server refuses it, or it came damaged. */
async function getFile(
  client: FileClient,
  name: string,
  path: string,
  { fetchFile, ...options }: DownloadOptions & { fetchFile: FetchFile },
): Promise<Fetched> {
  using display = new Display(name);
  const { onProgress, onCheck, onNote } = display;
  const fetched = path === STDOUT
    ? await fetchFile(client, name, () => fastStdout(options.signal), options)
    : await download(fetchFile, client, name, path, {
      ...options,
      onProgress,
      onCheck,
      onNote,
    });
  if (fetched.kind === "error") {
    throw new ExerciseError(formatRefusal(name, fetched));
  }
  if (fetched.same === false) {
    throw new ExerciseError(
      `${quote(name)} came damaged: its SHA-256 is not the server's`,
    );
  }
  return fetched;
}
