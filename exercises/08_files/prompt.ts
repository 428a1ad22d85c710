import type { FileEntry } from "../../protocol/files.ts";
import {
  type ErrorContext,
  explainError,
  formatExplanation,
} from "../cli/explain_error.ts";
import { ExerciseError } from "../cli/outcome.ts";
import { OutputClosedError } from "../terminal/stdout.ts";
import { printNote } from "../terminal/stderr.ts";

/** What can be done at the prompt. */
export interface PromptActions {
  list: () => Promise<FileEntry[]>;
  /** Fetches files, and says how many failed. */
  get: (names: readonly string[], flags: GetFlags) => Promise<number>;
  server: ErrorContext;
  signal?: AbortSignal | undefined;
}

interface GetFlags {
  force?: true;
  resume?: true;
}

const HELP =
  "Commands: list, get [--force] [--resume] <number or name>, help, quit";

/**
 * The interactive session: one command a line, until `quit` or the end. What
 * fails is told, and the session goes on. Returns how many commands failed.
 */
export async function runPrompt(
  lines: AsyncIterable<string>,
  { list, get, server, signal }: PromptActions,
): Promise<number> {
  let files = await list();
  let failed = 0;
  printNote(HELP);
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
          failed += await get([name], flags);
          break;
        }
        case "quit":
        case "exit":
          return failed;
        case "help":
          printNote(HELP);
          break;
        default:
          printNote(`files: There is no such command. ${HELP}`);
          failed++;
      }
    } catch (error) {
      signal?.throwIfAborted();
      if (error instanceof OutputClosedError) throw error;
      const sentence = formatExplanation(explainError(error, server));
      printNote(`files: ${sentence}`);
      failed++;
    }
  }
  return failed;
}

const FLAG_FIRST = /^--(?<flag>force|resume)(?: +(?<choice>.*))?$/i;
const FLAG_LAST = /^(?<choice>.*) --(?<flag>force|resume)$/i;

/** `--force 3` or `3 --force`, where no file is called that. */
function parseGet(words: string, files: readonly FileEntry[]) {
  const flags: GetFlags = {};
  let choice = words;
  while (!isListed(choice, files)) {
    const match = FLAG_FIRST.exec(choice) ?? FLAG_LAST.exec(choice);
    if (match === null) break;
    const flag = match.groups!.flag!.toLowerCase() as keyof GetFlags;
    flags[flag] = true;
    choice = match.groups!.choice ?? "";
  }
  if (choice === "") throw new ExerciseError(`Which one? ${HELP}`);
  if (choice.startsWith("--") && !isListed(choice, files)) {
    throw new ExerciseError(`There are --force and --resume here. ${HELP}`);
  }
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
