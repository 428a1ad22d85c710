import { printNote } from "../terminal/stderr.ts";
import type { CommandContext } from "./command_spec.ts";
import { ExerciseError, UsageError } from "./outcome.ts";

/** What the options of a client say of a login. */
export interface LoginValues {
  login: string | undefined;
  "password-file": string | undefined;
  /** A nickname to ask for, in the chat. */
  name?: string | undefined;
  tls?: unknown;
}

const PLAIN = "This connection is not encrypted. Who listens in does not see " +
  "the password, but sees all the rest, can try passwords on what was seen, " +
  "and can take the connection over once you are in: add --tls";

/**
 * With `--login`: asks for the password, and returns a context whose
 * connections have logged in. Without it the same context.
 *
 * @throws {ExerciseError} There is no password.
 */
export async function withLogin(
  protocol: "files" | "chat",
  values: LoginValues,
  context: CommandContext,
): Promise<CommandContext> {
  const { login: name, "password-file": file } = values;
  if (name === undefined) {
    if (file === undefined) return context;
    throw new UsageError("Option --password-file needs --login");
  }
  if (values.name !== undefined) {
    throw new UsageError("Options --name and --login exclude each other");
  }
  const password = await passwordOf(name, file, context.signal);
  if (!values.tls) printNote(PLAIN);
  const { loggedIn } = await import("./logged_in.ts");
  const words = await import("../../protocol/login_lines.ts");
  const credentials = {
    name,
    password,
    words: protocol === "files" ? words.FILE_LOGIN : words.CHAT_LOGIN,
  };
  return { ...context, connect: loggedIn(context.connect, credentials) };
}

async function passwordOf(
  name: string,
  file: string | undefined,
  signal: AbortSignal,
): Promise<string> {
  const { askSecret } = await import("../terminal/secret.ts");
  const [password = ""] = file === undefined
    ? [
      await askSecret(`Password of ${name}: `, "use --password-file", signal),
    ]
    : (await Deno.readTextFile(file)).split(/\r?\n/, 1);
  await requirePassword(password);
  return password;
}

/** @throws {ExerciseError} It cannot be a password. */
export async function requirePassword(password: string): Promise<void> {
  const { passwordProblem } = await import("../../protocol/scram_keys.ts");
  const problem = passwordProblem(password);
  if (problem === null) return;
  throw new ExerciseError(`The password ${problem}: choose another`);
}
