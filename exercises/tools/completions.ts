/**
 * What a shell needs to complete the commands and options of tcplab.
 *
 * Terminal 1: deno run exercises/tools/completions.ts bash
 *
 * You will see: a script, and in its first lines how to make your shell use
 * it. It is made of the table of commands, so that it knows them all.
 * Try next: tcplab <Tab>; tcplab scan localhost --<Tab>.
 */
import { defineCommand } from "../cli/command.ts";
import { EXIT_OK } from "../cli/outcome.ts";
import { runMain } from "../cli/run.ts";
import { commands } from "../catalogue.ts";
import { printLine } from "../terminal/stdout.ts";
import { bashCompletions } from "./completions/bash.ts";
import { fishCompletions } from "./completions/fish.ts";
import { zshCompletions } from "./completions/zsh.ts";

const generators = {
  bash: bashCompletions,
  zsh: zshCompletions,
  fish: fishCompletions,
};

export type Shell = keyof typeof generators;

/** The script with which `shell` completes everything that can be run. */
export function shellCompletions(shell: Shell): string {
  return generators[shell](Object.values(commands));
}

export const main = defineCommand(commands.completions, ({ shell }) => {
  printLine(shellCompletions(shell));
  return Promise.resolve(EXIT_OK);
});

if (import.meta.main) await runMain(main);
