import { ExerciseError } from "../cli/outcome.ts";
import { type Input, stdin } from "./input.ts";
import { writeStderr } from "./stderr.ts";

/** Arrow keys and the like: nobody sees that they would add to the secret. */
// deno-lint-ignore no-control-regex
const KEY_SEQUENCES = /\x1b(?:\[[\d;]*.|O.)?/g;
// deno-lint-ignore no-control-regex
const CONTROLS = /[\0-\x1f]/;

/**
 * Asks on the terminal for what nobody shall see there. What was typed ahead,
 * behind the Enter, is dropped.
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
  // Ctrl-C stays a signal, except on Windows.
  Deno.stdin.setRaw(true, { cbreak: Deno.build.os !== "windows" });
  try {
    writeStderr(prompt);
    return await readSecret(stdin(), signal);
  } finally {
    Deno.stdin.setRaw(false);
    writeStderr("\n");
  }
}

/** A line of keys as they come from a raw terminal, with what edits it. */
export async function readSecret(
  keys: Pick<Input, "nextBytes">,
  signal: AbortSignal,
): Promise<string> {
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  let secret: string[] = [];
  for (;;) {
    const bytes = await keys.nextBytes(signal);
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
