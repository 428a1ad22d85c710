import { ExerciseError } from "../cli/outcome.ts";
import { checkTarget, nullIfMissing } from "../cli/write_file.ts";
import type { Destination } from "./destination.ts";
import type { Fetched, FileClient, Outcome } from "./file_client.ts";
import { hashFile, PartFile, type PartOptions } from "./part_file.ts";

export interface DownloadOptions extends PartOptions {
  /** Told what a person should know, in sentences. */
  onNote?: (sentence: string) => void;
}

/**
 * Fetches a file to `path`, by way of `<path>.part`: it gets its name when all
 * of it has come, and the server's hash is the same. Nothing that is there is
 * replaced without `force`. `fetch` is the lesson, in exercise 8's client.
 *
 * @throws {ExerciseError} Something is in the way; or what came is damaged, or
 * cannot be the rest of what is there. In all cases the part stays.
 */
export async function download(
  client: FileClient,
  name: string,
  path: string,
  fetch: (target: Destination) => Promise<Outcome>,
  options: DownloadOptions = {},
): Promise<Outcome> {
  const { force = false, resume = false, onNote = () => {} } = options;
  if (resume && !force) {
    const complete = await alreadyThere(client, name, path, options);
    if (complete) return complete;
  }
  await checkTarget(path, force);
  using part = new PartFile(path, options);
  await part.prepare();

  const beginAnew = (why: string) => {
    // What is there may be somebody's.
    if (!force) throw new ExerciseError(`${why}: --force begins anew`);
    onNote(`${why}: starting again`);
    part.beginning = null;
  };
  if (part.beginning && !await canContinue(client)) {
    beginAnew(
      "The server has no RESUME and SHA256 to tell whether " +
        `${part.path} is the beginning of this file`,
    );
  }
  const continued = part.beginning !== null;
  let outcome = await fetchPart(part, fetch, onNote);
  if (continued && !isAnswer(outcome)) {
    await part.restore();
    beginAnew(`${part.path} is not the beginning of this file`);
    outcome = await fetchPart(part, fetch, onNote);
  }
  if (outcome.kind === "fetched" && outcome.same === false) {
    throw new ExerciseError(
      `${name} came damaged, its SHA-256 is not the server's: ` +
        `it stays in ${part.path}, --force fetches it anew`,
    );
  }
  return outcome;
}

/** Not so for a part that is longer than the file, or is of another one. */
function isAnswer(outcome: Outcome): boolean {
  return outcome.kind === "fetched"
    ? outcome.same === true
    : outcome.code !== "BAD_OFFSET";
}

/** Without both nobody can tell whether it is the beginning of this file. */
async function canContinue(client: FileClient): Promise<boolean> {
  const features = await client.features();
  return features.has("RESUME") && features.has("SHA256");
}

/** Fetches into `part`, and says how far it came when that fails. */
async function fetchPart(
  part: PartFile,
  fetch: (target: Destination) => Promise<Outcome>,
  onNote: (sentence: string) => void,
): Promise<Outcome> {
  let outcome: Outcome | null = null;
  try {
    return outcome = await fetch(part);
  } finally {
    const fetched = outcome?.kind === "fetched";
    const progress = fetched ? null : await part.progress();
    if (progress !== null) {
      onNote(`${progress} are in ${part.path}: --resume goes on from there`);
    }
  }
}

/**
 * What an earlier download has finished: the file that is there, if it is the
 * server's; null: none is, or another.
 */
async function alreadyThere(
  client: FileClient,
  name: string,
  path: string,
  options: DownloadOptions,
): Promise<Fetched | null> {
  const info = await Deno.lstat(path).catch(nullIfMissing);
  if (!info?.isFile || !(await client.features()).has("SHA256")) return null;
  using file = await Deno.open(path);
  const { bytes: size, hash } = await hashFile(file, info.size, options);
  const sha256 = hash.digest("hex");
  const told = await client.hashOf(name, size);
  if (told.kind === "error" || told.hex !== sha256) return null;
  const nothing = { received: 0, compressed: null };
  return { kind: "fetched", size, ...nothing, sha256, same: true };
}
