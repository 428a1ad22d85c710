import { jsonLine, printable, quote } from "../../protocol/text.ts";
import type { commands } from "../catalogue.ts";
import { ExerciseError, UsageError } from "../cli/outcome.ts";
import type { Values } from "../cli/parse_command.ts";
import { stdin } from "../terminal/input.ts";
import { fastStdout, streamLine } from "../terminal/stdout.ts";
import {
  chooseTarget,
  type Destination,
  STDOUT,
  targetPath,
} from "./destination.ts";
import { download, type DownloadOptions } from "./download.ts";
import { type Fetched, FileClient, type Outcome } from "./file_client.ts";
import {
  Display,
  formatFetched,
  formatRefusal,
  listFiles,
} from "./file_report.ts";
import { runPrompt } from "./prompt.ts";
import { printNote } from "../terminal/stderr.ts";

/** The words of `files` on the command line. */
type Words = Values<typeof commands.files>;

/** Fetches a file: the lesson, in exercise 8's client. */
export type Fetch = (
  name: string,
  target: Destination,
  onProgress: (bytes: number, total: number) => void,
) => Promise<Outcome>;

/** Does what was asked for, and counts what failed. */
export async function runAction(
  client: FileClient,
  fetch: Fetch,
  words: Words,
  signal: AbortSignal,
): Promise<number> {
  const { action, rest: names, json } = words;
  const get = (
    names: readonly string[],
    flags: { force?: boolean; resume?: boolean } = {},
  ) => getFiles(client, fetch, names, { ...words, ...flags, signal });
  switch (action) {
    case "list":
      await listFiles(client, { json });
      return 0;
    case "get":
      return await get(names);
    case "interactive": {
      const lines = stdin().lines(signal, "files> ");
      const list = () => listFiles(client, { json, numbered: true });
      const server = { host: words.host, port: words.port };
      return await runPrompt(lines, { list, get, server, signal });
    }
    default:
      return action satisfies never;
  }
}

/** With `--compress` one that asks for ZSTD. Who does not, never loads it. */
export async function clientOf(
  { compress }: Words,
): Promise<typeof FileClient> {
  if (!compress) return FileClient;
  return (await import("./zstd_client.ts")).ZstdClient;
}

/** @throws {UsageError} Words that make no sense together. */
export function checkWords(
  { action, rest: names, output, resume, ...words }: Words,
): void {
  if (action === "get" && names.length === 0) {
    throw new UsageError("Missing <name>");
  }
  if (action !== "get" && names.length > 0) {
    throw new UsageError(`Unexpected argument ${quote(names[0]!)}`);
  }
  const clash = names.find((name) => names.includes(`${name}.part`));
  if (clash !== undefined) {
    throw new UsageError(
      `${quote(`${clash}.part`)} is where ${quote(clash)} comes: ` +
        "fetch them to different folders",
    );
  }
  if (resume && (output === STDOUT || words["no-verify"])) {
    const other = output === STDOUT ? "--output -" : "--no-verify";
    throw new UsageError(`Options --resume and ${other} exclude each other`);
  }
}

type GetOptions = DownloadOptions & { signal: AbortSignal };

/** Fetches one file after another, tells of each, counts those that failed. */
async function getFiles(
  client: FileClient,
  fetch: Fetch,
  names: readonly string[],
  { output, json, ...options }: GetOptions & {
    output: string;
    json: boolean;
  },
): Promise<number> {
  const target = await chooseTarget(output, names.length);
  let failed = 0;
  for (const name of names) {
    const startMs = performance.now();
    try {
      const path = targetPath(target, name);
      const fetched = await getFile(client, fetch, name, path, options);
      const elapsedMs = performance.now() - startMs;
      const { size, received, compressed, sha256, same } = fetched;
      const verified = same === true;
      const sizes = {
        size,
        received,
        ...compressed !== null && { compressed },
      };
      const line = json
        ? jsonLine({ name, ...sizes, path, sha256, verified })
        : formatFetched(name, fetched, elapsedMs);
      if (path === STDOUT) printNote(line);
      else await streamLine(line);
    } catch (error) {
      // What explains itself is no reason to leave out the next.
      if (!(error instanceof ExerciseError)) throw error;
      printNote(`files: ${printable(error.message)}`);
      failed++;
    }
  }
  return failed;
}

/** @throws {ExerciseError} The server refuses it, or it came damaged. */
async function getFile(
  client: FileClient,
  fetch: Fetch,
  name: string,
  path: string,
  options: GetOptions,
): Promise<Fetched> {
  using display = new Display(name);
  const { onProgress, onCheck, onNote } = display;
  const outcome = path === STDOUT
    ? await fetch(name, await stdoutTarget(options.signal), () => {})
    : await download(
      client,
      name,
      path,
      (part) => fetch(name, part, onProgress),
      { ...options, onCheck, onNote },
    );
  if (outcome.kind === "error") {
    throw new ExerciseError(formatRefusal(name, outcome));
  }
  if (outcome.same === false) {
    throw new ExerciseError(
      `${quote(name)} came damaged: its SHA-256 is not the server's`,
    );
  }
  return outcome;
}

/** `--output -`: what has gone out cannot be taken back. */
async function stdoutTarget(signal: AbortSignal): Promise<Destination> {
  const { write } = await fastStdout(signal);
  const nothing = () => Promise.resolve();
  return { beginning: null, open: nothing, write, commit: nothing };
}
