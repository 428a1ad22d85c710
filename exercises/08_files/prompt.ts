import type { FileEntry } from "../../protocol/files.ts";
import { type ErrorContext, explainError } from "../cli/explain_error.ts";
import { ExerciseError } from "../cli/outcome.ts";
import { OutputClosedError } from "../terminal/stdout.ts";
import type { FileClient } from "./file_client.ts";
import { listFiles } from "./file_report.ts";
import { getFiles, type GetOptions } from "./get_files.ts";

const HELP =
  "Commands: list, get [--force] [--resume] <number or name>, help, quit";

/**
 * The interactive session: one command a line, until `quit` or the end. What
 * fails is told, and the session goes on. Returns how many commands failed.
 */
export async function runSession(
  client: FileClient,
  lines: AsyncIterable<string>,
  options: GetOptions & { server: ErrorContext },
): Promise<number> {
  const { server, signal, json = false } = options;
  const list = () => listFiles(client, { json, numbered: true });
  let files = await list();
  let failed = 0;
  console.error(HELP);
  for await (const line of lines) {
    const [, word = "", rest = ""] = /^\s*(\S*)\s*(.*?)\s*$/.exec(line) ?? [];
    try {
      switch (word.toLowerCase()) {
        case "":
          break;
        case "list":
          files = await list();
          break;
        case "get": {
          const { choice, ...flags } = parseGet(rest, files);
          const name = nameOf(choice, files);
          failed += await getFiles(client, [name], { ...options, ...flags });
          break;
        }
        case "quit":
        case "exit":
          return failed;
        case "help":
          console.error(HELP);
          break;
        default:
          console.error(`files: There is no such command. ${HELP}`);
          failed++;
      }
    } catch (error) {
      signal?.throwIfAborted();
      if (error instanceof OutputClosedError) throw error;
      console.error(`files: ${explainError(error, server)}`);
      failed++;
    }
  }
  return failed;
}

const FLAG_FIRST = /^--(?<flag>force|resume)(?: +(?<choice>.*))?$/i;
const FLAG_LAST = /^(?<choice>.*) --(?<flag>force|resume)$/i;

/** `--force 3` or `3 --force`, where no file is called that. */
function parseGet(words: string, files: readonly FileEntry[]) {
  const flags: { force?: true; resume?: true } = {};
  let choice = words;
  while (!isListed(choice, files)) {
    const match = FLAG_FIRST.exec(choice) ?? FLAG_LAST.exec(choice);
    if (match === null) break;
    const flag = match.groups!.flag!.toLowerCase() as keyof typeof flags;
    flags[flag] = true;
    choice = match.groups!.choice ?? "";
  }
  if (choice === "") throw new ExerciseError(`Which one? ${HELP}`);
  return { choice, ...flags };
}

function isListed(choice: string, files: readonly FileEntry[]): boolean {
  return files.some(({ name }) => name === choice);
}

/** What a person chose: a name as it is, or else a number of the list. */
function nameOf(choice: string, files: readonly FileEntry[]): string {
  const numbered = /^\d+$/.test(choice) ? files[Number(choice) - 1] : undefined;
  return isListed(choice, files) ? choice : numbered?.name ?? choice;
}
