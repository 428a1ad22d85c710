import { ExerciseError } from "./outcome.ts";

/**
 * Writes a whole file, or none: it gets its name when it is complete. Nothing
 * is written through a link, or into what is no file. `mode` says who may read
 * it, from its first byte on. Needs `--allow-read` and
 * `--allow-write`.
 *
 * @throws {ExerciseError} As `checkTarget`.
 */
export async function writeFile(
  path: string,
  data: Uint8Array,
  { replace = false, ...options }: { replace?: boolean; mode?: number } = {},
): Promise<void> {
  await checkTarget(path, replace);
  const part = `${path}.${crypto.randomUUID().slice(0, 8)}.part`;
  try {
    await Deno.writeFile(part, data, { createNew: true, ...options });
    await giveName(part, path, replace);
  } finally {
    await Deno.remove(part).catch(nullIfMissing);
  }
}

/**
 * Looks before anything is written, so that what is in the way, or a missing
 * permission, shows now and not at the end.
 *
 * @throws {ExerciseError} Something has that name, be it a broken link; with
 * `replace`, something other than a file.
 */
export async function checkTarget(
  path: string,
  replace: boolean,
): Promise<void> {
  const info = await Deno.lstat(path).catch(nullIfMissing);
  if (!info || info.isFile && replace) return;
  if (info.isFile) throw isThere(path);
  throw new ExerciseError(
    `${path} is there already, and no file: choose another place`,
  );
}

/**
 * Gives a complete `part` its name.
 *
 * @throws {ExerciseError} Something has that name by now, and is not to be
 * replaced.
 */
export async function giveName(
  part: string,
  path: string,
  replace: boolean,
): Promise<void> {
  // A rename would replace what came after we looked.
  if (replace || !await link(part, path)) await Deno.rename(part, path);
  else await Deno.remove(part);
}

/** False where there are no hard links. */
async function link(part: string, path: string): Promise<boolean> {
  try {
    await Deno.link(part, path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.AlreadyExists) throw isThere(path);
    return false;
  }
}

function isThere(path: string): ExerciseError {
  return new ExerciseError(`${path} is there already: --force replaces it`);
}

/** For what need not be there. */
export function nullIfMissing(error: unknown): null {
  if (error instanceof Deno.errors.NotFound) return null;
  throw error;
}
