import { ExerciseError } from "../cli/outcome.ts";
import { type Input, stdin } from "./input.ts";
import { writeStderr } from "./stderr.ts";

/** Arrow keys and the like: nobody sees that they would add to the secret. */
// deno-lint-ignore no-control-regex
const KEY_SEQUENCES = /\x1b(?:\[[\d;]*.|O.)?/g;
// deno-lint-ignore no-control-regex
const CONTROLS = /[\0-\x1f]/;

const [LF, CR] = [0x0a, 0x0d];
const UNIX = Deno.build.os !== "windows";
const STOP = UNIX ? ["SIGTSTP"] as const : [];
const ignore = () => {};

/**
 * Asks on the terminal for what nobody shall see there. What was typed ahead,
 * behind the Enter, is left to whoever reads next.
 *
 * @param otherwise What to do where there is no terminal.
 * @throws The signal's reason when it fires first.
 * @throws {ExerciseError} There is no terminal, or the input ended.
 */
export async function askSecret(
  prompt: string,
  otherwise: string,
  signal: AbortSignal,
): Promise<string> {
  if (!Deno.stdin.isTerminal() || !Deno.stderr.isTerminal()) {
    throw new ExerciseError(
      `There is no terminal to ask for a secret on: ${otherwise}`,
    );
  }
  // Stopped by Ctrl-Z, it would leave the terminal without an echo.
  for (const name of STOP) Deno.addSignalListener(name, ignore);
  // Ctrl-C stays a signal, except on Windows.
  Deno.stdin.setRaw(true, { cbreak: UNIX });
  try {
    writeStderr(prompt);
    return await readSecret(stdin(), signal);
  } finally {
    Deno.stdin.setRaw(false);
    for (const name of STOP) Deno.removeSignalListener(name, ignore);
    writeStderr("\n");
  }
}

/** A line of keys as they come from a raw terminal, with what edits it. */
export async function readSecret(
  keys: Pick<Input, "nextBytes" | "putBack">,
  signal: AbortSignal,
): Promise<string> {
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  let secret: string[] = [];
  for (;;) {
    const came = await keys.nextBytes(signal);
    const end = came?.findIndex((byte) => byte === LF || byte === CR) ?? -1;
    const bytes = end < 0 ? came : came!.subarray(0, end + 1);
    if (end >= 0 && end + 1 < came!.length) {
      keys.putBack(came!.subarray(end + 1));
    }
    const typed = bytes && decoder.decode(bytes, { stream: true });
    for (const key of typed?.replace(KEY_SEQUENCES, "") ?? "\x04") {
      if (key === "\r" || key === "\n") return secret.join("");
      if (key === "\x03" || key === "\x04") {
        throw new ExerciseError("Nothing was typed to the end: try again");
      }
      if (key === "\x7f" || key === "\b") secret.pop();
      else if (key === "\x15") secret = []; // Ctrl-U
      else if (!CONTROLS.test(key)) secret.push(key);
    }
  }
}

/** The first line of a stdin that is no terminal; "" at its end. */
export async function pipedSecret(signal: AbortSignal): Promise<string> {
  return await stdin().next(signal) ?? "";
}
