import { fileNameProblem, MAX_NAME_BYTES } from "../../protocol/files.ts";
import { quote } from "../../protocol/text.ts";
import { ExerciseError, UsageError } from "../cli/outcome.ts";

/**
 * `<target>.part`, with a part of the name only where a file system would not
 * take all of it. Never the target itself.
 */
export function partPath(target: string): string {
  const [, folder = "", name = ""] = /^(.*?)([^/\\]*)$/s.exec(target) ?? [];
  const bytes = (text: string) => new TextEncoder().encode(text).length;
  let part = `${name}.part`;
  for (let kept = [...name]; bytes(part) > MAX_NAME_BYTES || part === name;) {
    kept = kept.slice(0, -1);
    part = `${kept.join("")}.part`;
  }
  return folder + part;
}

/** `--output -`, which is no path. */
export const STDOUT = "-";

/** Where files go: into a folder, each under its name; or to one path. */
export type Target = { folder: string } | { file: string };

/**
 * What `--output` stands for: a folder if it is one or ends with a slash, else
 * a file; without it the current folder.
 *
 * @throws {UsageError} Several files cannot go to one.
 */
export async function chooseTarget(
  output: string,
  files: number,
): Promise<Target> {
  if (output === "") return { folder: "" };
  if (output === STDOUT) return { file: STDOUT };
  if (output.endsWith("/")) return { folder: output };
  const info = await Deno.stat(output).catch(() => null);
  if (info?.isDirectory) return { folder: `${output}/` };
  if (files === 1) return { file: output };
  throw new UsageError(
    `Several files need a folder that is there, not ${quote(output)}`,
  );
}

/**
 * The path for a file of that name. The name may come from the server: it must
 * not lead out of the folder.
 *
 * @throws {ExerciseError} No shared file can have that name.
 */
export function targetPath(target: Target, name: string): string {
  const problem = fileNameProblem(name);
  if (problem !== null) {
    throw new ExerciseError(
      `${quote(name)} ${problem}: no shared file has such a name, see "list"`,
    );
  }
  if ("file" in target) return target.file;
  // A file of that name is not what --output - stands for.
  const path = target.folder + name;
  return path === STDOUT ? `./${path}` : path;
}
