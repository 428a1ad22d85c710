/**
 * Writes the sample files that exercise 8 serves: a text, an empty file, a
 * small binary, and a name with a space and an ñ.
 *
 * Terminal 1: deno run --allow-read=shared_files --allow-write=shared_files exercises/tools/samples.ts shared_files
 *
 * You will see: each file that was written, and those that were there.
 * Try next: --force; then exercise 8.
 */
import { format as formatBytes } from "@std/fmt/bytes";
import { commands } from "../catalogue.ts";
import { defineCommand, EXIT_OK, printLine, runMain } from "../cli/mod.ts";
import { nullIfMissing, writeFile } from "../cli/write_file.ts";

/** Name and content of each; the same bytes on every machine. */
export function sampleFiles(): ReadonlyMap<string, Uint8Array> {
  const text = (content: string) => new TextEncoder().encode(content);
  return new Map([
    ["hello.txt", text("Hello from tcplab!\n")],
    ["empty.txt", text("")],
    // Every byte once: whoever treats bytes as text will damage this file.
    ["all_bytes.bin", Uint8Array.from({ length: 256 }, (_, i) => i)],
    [
      "mañana será otro día.txt",
      text("Un nombre con espacios y eñe: UTF-8 on the wire.\n"),
    ],
  ]);
}

/**
 * Writes the samples into `dir`, which is made when it is not there. A file
 * that is there stays as it is, unless `force`. Yields what it did.
 *
 * @throws {ExerciseError} With `force`: something other than a file is there.
 */
export async function* createSampleFiles(
  dir: string,
  { force = false }: { force?: boolean } = {},
): AsyncGenerator<{ path: string; bytes: number; written: boolean }> {
  await Deno.mkdir(dir, { recursive: true });
  for (const [name, content] of sampleFiles()) {
    const path = `${dir.replace(/\/+$/, "")}/${name}`;
    const there = await Deno.lstat(path).catch(nullIfMissing);
    const written = force || there === null;
    if (written) await writeFile(path, content, { replace: force });
    yield { path, bytes: content.length, written };
  }
}

export const main = defineCommand(commands.samples, async ({ dir, force }) => {
  for await (const file of createSampleFiles(dir, { force })) {
    const { path, bytes, written } = file;
    const what = written
      ? formatBytes(bytes)
      : "is there already, --force overwrites";
    printLine(`${path}  ${what}`);
  }
  return EXIT_OK;
});

if (import.meta.main) await runMain(main);
