/**
 * tcplab: one program for all exercises, servers and tools.
 *
 *     deno run --allow-net main.ts scan localhost
 *
 * Finds the command in the catalogue, loads it and runs it; `runMain` makes an
 * AbortSignal of SIGINT and SIGTERM, and an exit code of the result.
 */
import { catalogue } from "./exercises/catalogue.ts";
import type { Context } from "./exercises/cli/command_spec.ts";
import { columns } from "./exercises/cli/help.ts";
import { EXIT_OK, EXIT_USAGE } from "./exercises/cli/outcome.ts";
import { likelyWord } from "./exercises/cli/parse_command.ts";
import { runMain } from "./exercises/cli/run.ts";
import { printNote } from "./exercises/terminal/stderr.ts";
import { printLine } from "./exercises/terminal/stdout.ts";
import { quote } from "./protocol/text.ts";

export const VERSION = "0.1.0";

/** The exit code of `tcplab <args>`. */
export async function main(args: string[], context: Context): Promise<number> {
  const [name, ...rest] = args;
  switch (name) {
    case undefined:
      if (Deno.stdin.isTerminal() && Deno.stdout.isTerminal()) {
        return await main(["menu"], context);
      }
      printNote(overview());
      return EXIT_USAGE;
    case "help":
    case "--help":
    case "-h":
      if (name === "help" && rest[0] !== undefined) {
        return await main([rest[0], "--help"], context);
      }
      printLine(overview());
      return EXIT_OK;
    case "version":
    case "--version":
    case "-V":
      printLine(`tcplab ${VERSION} (deno ${Deno.version.deno})`);
      return EXIT_OK;
  }
  const entry = catalogue.find((entry) => entry.name === name);
  if (entry === undefined) return reportUnknown(name);
  const { main: run } = await entry.load();
  return await run(rest, context);
}

function overview(): string {
  return [
    "tcplab: a laboratory of TCP sockets",
    "",
    "Usage: tcplab <command> [arguments] [options]",
    "",
    "Commands:",
    ...columns(catalogue.map(({ usage, title }) => [usage, title])),
    "",
    "tcplab <command> --help tells the rest, tcplab --version the version.",
    "Exit codes: 0 it worked, 1 it failed, 2 wrong usage, 130 interrupted.",
  ].join("\n");
}

function reportUnknown(name: string): number {
  const likely = likelyWord(name, catalogue.map(({ name }) => name));
  const advice = name.startsWith("-")
    ? ": options stand behind the command"
    : likely && `, did you mean ${likely}?`;
  printNote(
    `tcplab: Unknown command ${quote(name)}${advice ?? ""} (see tcplab --help)`,
  );
  return EXIT_USAGE;
}

if (import.meta.main) {
  // The executable may run programs, for `check`: nothing else shall.
  if (Deno.args[0] !== "check") Deno.permissions.revokeSync({ name: "run" });
  await runMain(main);
}
