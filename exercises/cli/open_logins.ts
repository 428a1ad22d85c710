import { quote } from "../../protocol/text.ts";
import type { Log } from "../../servers/log.ts";
import type { Logins } from "../../servers/logins.ts";
import { ExerciseError } from "./outcome.ts";

/**
 * What lets in the users of the file `path`; undefined without one: everybody
 * is let in.
 *
 * @throws {ExerciseError} It is no user file, or not there.
 */
export async function openLogins(
  path: string | undefined,
  log: Log | undefined,
): Promise<Logins | undefined> {
  if (path === undefined) return undefined;
  // Most servers let everybody in, and need not wait for it.
  const { Logins } = await import("../../servers/logins.ts");
  const { UserFile, UserFileError } = await import(
    "../../servers/user_file.ts"
  );
  try {
    return new Logins(new UserFile(path), { log });
  } catch (error) {
    const make = `tcplab users ${path} add <name>`;
    if (error instanceof Deno.errors.NotFound) {
      throw new ExerciseError(
        `There is no user file ${quote(path)}: make it with ${make}`,
        { cause: error },
      );
    }
    if (!(error instanceof UserFileError)) throw error;
    throw new ExerciseError(
      `${quote(path)} is no user file (${error.message}): ${make} makes one`,
      { cause: error },
    );
  }
}
