import { ROOT } from "./script.ts";

/** Whether util-linux's `script` is here: it gives a program a terminal. */
export const HAS_TERMINAL = hasScript();

function hasScript(): boolean {
  if (Deno.build.os !== "linux") return false; // Others take other words.
  try {
    return new Deno.Command("script", { args: ["--version"] }).outputSync()
      .success;
  } catch {
    return false;
  }
}

/** Runs `words` in a pseudo-terminal; its screen comes out of stdout. */
export function spawnInTerminal(
  words: readonly string[],
  options: Deno.CommandOptions,
): Deno.ChildProcess {
  const quoted = words.map((word) => `'${word}'`).join(" ");
  return new Deno.Command("script", {
    // `exec`: else Ctrl-C would end the shell too, if that is dash.
    args: ["-qefc", `exec ${quoted}`, "/dev/null"],
    cwd: ROOT,
    stdout: "piped",
    stderr: "null",
    ...options,
  }).spawn();
}

/** What it shows, as text. */
export function screenOf(
  child: Deno.ChildProcess,
): ReadableStream<string> {
  return child.stdout.pipeThrough(
    new TextDecoderStream() as TransformStream<Uint8Array, string>,
  );
}
