/**
 * Keeps the user file of `msgserver --users` and `fileserver --users`: no
 * password, but keys that only fit it (SCRAM-SHA-256, RFC 5802 and 7677).
 *
 * Terminal 1: deno run --allow-read --allow-write exercises/tools/users.ts users.txt add ana
 *
 * You will see: a question, and nothing of what you type; then the name.
 * Try next: list; cat users.txt; fileserver --users users.txt.
 */
import {
  isReserved,
  nicknameKey,
  parseNickname,
} from "../../protocol/nickname.ts";
import { newKeys } from "../../protocol/scram_keys.ts";
import { jsonLine, quote } from "../../protocol/text.ts";
import {
  formatUsers,
  parseUsers,
  UserFileError,
  type UserTable,
} from "../../servers/user_file.ts";
import { commands } from "../catalogue.ts";
import {
  defineCommand,
  ExerciseError,
  EXIT_OK,
  printLine,
  runMain,
} from "../cli/mod.ts";
import { UsageError } from "../cli/outcome.ts";
import { requirePassword } from "../cli/with_login.ts";
import { nullIfMissing, writeFile } from "../cli/write_file.ts";
import { askSecret, pipedSecret } from "../terminal/secret.ts";

/** The users in `file`; none when it is not there. */
async function readUsers(file: string): Promise<UserTable> {
  const text = await Deno.readTextFile(file).catch(nullIfMissing);
  try {
    return parseUsers(text ?? "");
  } catch (error) {
    if (!(error instanceof UserFileError)) throw error;
    throw new ExerciseError(
      `${quote(file)} is no user file (${error.message}): choose another`,
      { cause: error },
    );
  }
}

/** For its owner only: with the keys one can try passwords. */
async function writeUsers(file: string, users: UserTable): Promise<void> {
  const text = new TextEncoder().encode(formatUsers(users));
  await writeFile(file, text, { replace: true, mode: 0o600 });
}

async function newPassword(name: string, signal: AbortSignal): Promise<string> {
  if (!Deno.stdin.isTerminal()) return await pipedSecret(signal);
  const ask = (question: string) => askSecret(question, "use a pipe", signal);
  const password = await ask(`New password of ${name}: `);
  await requirePassword(password);
  if (await ask("The same again: ") === password) {
    return password;
  }
  throw new ExerciseError("The two are not the same: nothing was changed");
}

async function add(
  file: string,
  name: string,
  signal: AbortSignal,
): Promise<void> {
  await readUsers(file); // Before anybody types, and again when it is ready.
  const password = await newPassword(name, signal);
  await requirePassword(password);
  const keys = await newKeys(password);
  const users = await readUsers(file);
  const key = nicknameKey(name);
  const known = users.has(key);
  users.set(key, { name, ...keys });
  await writeUsers(file, users);
  printLine(known ? `${name} has a new password` : `${name} can log in`);
}

async function remove(file: string, name: string): Promise<void> {
  const users = await readUsers(file);
  if (!users.delete(nicknameKey(name))) {
    throw new ExerciseError(`There is no user ${quote(name)} in ${file}`);
  }
  await writeUsers(file, users);
  printLine(`${name} cannot log in any more`);
}

/** @throws {UsageError} `word` is no name that a user can have. */
function requireName(word: string | undefined): string {
  const name = parseNickname(word ?? "");
  if (word === undefined) throw new UsageError("Missing <name>");
  if (name === null || isReserved(name)) {
    throw new UsageError(
      `A name is 1 to 20 letters, digits, _ or -, and no guest-: ${
        quote(word)
      }`,
    );
  }
  return name;
}

export const main = defineCommand(
  commands.users,
  async ({ file, action, rest: [word, ...more], json }, { signal }) => {
    const unexpected = action === "list" ? word : more[0];
    if (unexpected !== undefined) {
      throw new UsageError(`Unexpected argument ${quote(unexpected)}`);
    }
    switch (action) {
      case "add":
        await add(file, requireName(word), signal);
        break;
      case "remove":
        await remove(file, requireName(word));
        break;
      case "list":
        for (const { name, iterations } of (await readUsers(file)).values()) {
          printLine(json ? jsonLine({ name, iterations }) : name);
        }
        break;
      default:
        return action satisfies never;
    }
    return EXIT_OK;
  },
);

if (import.meta.main) await runMain(main);
