import type { Refusal } from "../../protocol/files.ts";
import { ExerciseError } from "../cli/outcome.ts";
import type { Beginning, Fetched, FetchFile, FetchOptions } from "./fetched.ts";
import type { FileClient } from "./file_client.ts";
import { PartFile } from "./part_file.ts";
import { checkTarget } from "./target.ts";

export interface DownloadOptions extends Omit<FetchOptions, "beginning"> {
  /** Replace a file that is there, or what an earlier download left. */
  force?: boolean;
  /** Go on where an earlier download stopped, if that can be trusted. */
  resume?: boolean;
  /** Told how much of what is there has been read. */
  onCheck?: (bytes: number, total: number) => void;
  /** Told what a person should know, in sentences. */
  onNote?: (sentence: string) => void;
  signal?: AbortSignal | undefined;
  open?: typeof Deno.open;
}

/**
 * Fetches a file to `path`, by way of `<path>.part`: it gets its name when all
 * of it has come, and the server's hash is the same.
 *
 * @param fetchFile The lesson's function, handed down by the exercise.
 * @throws {ExerciseError} `path` or its part is there already, or what came is
 * damaged. In all cases the part stays.
 */
export async function download(
  fetchFile: FetchFile,
  client: FileClient,
  name: string,
  path: string,
  options: DownloadOptions = {},
): Promise<Fetched | Refusal> {
  const { force = false, resume, onNote = () => {}, open } = options;
  await checkTarget(path, force);
  using part = new PartFile(path, open);
  if (!force && !resume) await part.checkUnused();
  const beginning = resume ? await part.readBeginning(options) : null;
  if (beginning && await canContinue(client)) {
    const fetched = await attempt(
      fetchFile,
      client,
      name,
      part,
      beginning,
      options,
    );
    if (isAnswer(fetched)) return fetched;
    onNote(`${part.path} is not the beginning of this file: starting again`);
  } else if (beginning) {
    onNote("The server has no RESUME and SHA256: starting again");
  }
  const fetched = await attempt(fetchFile, client, name, part, null, options);
  if (fetched.kind === "fetched" && fetched.same === false) {
    throw new ExerciseError(
      `${name} came damaged, its SHA-256 is not the server's: ` +
        `it stays in ${part.path}, --force fetches it anew`,
    );
  }
  return fetched;
}

/** Not so for a part that is longer than the file, or is of another one. */
function isAnswer(fetched: Fetched | Refusal): boolean {
  return fetched.kind === "fetched"
    ? fetched.same === true
    : fetched.code !== "BAD_OFFSET";
}

/** Without both nobody can tell whether it is the beginning of this file. */
async function canContinue(client: FileClient): Promise<boolean> {
  const features = await client.features();
  return features.has("RESUME") && features.has("SHA256");
}

async function attempt(
  fetchFile: FetchFile,
  client: FileClient,
  name: string,
  part: PartFile,
  beginning: Beginning | null,
  { force = false, onNote, ...options }: DownloadOptions,
): Promise<Fetched | Refusal> {
  let size = 0;
  const open = async (announced: number) => {
    size = announced;
    if (beginning) await part.continue(beginning.bytes);
    else await part.create();
    return part;
  };
  const tellOfPart = async () => {
    if (part.bytes === 0 || !await part.isInPlace()) return;
    const come = `${part.bytes} of ${size} bytes`;
    onNote?.(`${come} are in ${part.path}: --resume goes on from there`);
  };
  try {
    const fetched = await fetchFile(client, name, open, {
      ...options,
      beginning,
    });
    const complete = fetched.kind === "fetched" && fetched.same !== false;
    if (complete) await part.commit(force);
    if (fetched.kind === "error") await tellOfPart();
    return fetched;
  } catch (error) {
    await tellOfPart();
    throw error;
  }
}
