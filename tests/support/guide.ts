import { assert, assertEquals } from "@std/assert";
import { taskOf } from "../../.ci/generate.ts";
import { catalogue } from "../../exercises/catalogue.ts";
import type { Runnable } from "../../exercises/cli/command_spec.ts";
import { ROOT } from "./script.ts";

export const GUIDE_FOLDER = new URL("exercises/", ROOT);

/** What stands between two fences. */
export interface Block {
  kind: string;
  lines: string[];
  /** The terminal named before it; empty: one of its own. */
  terminal: string;
}

/** A heading, and what stands under it up to the next. */
export interface Section {
  title: string;
  level: number;
  /** Without the blocks. */
  text: string;
  blocks: Block[];
}

/** A line for the shell, and what is printed then. */
export interface Typed {
  line: string;
  printed: string[];
}

/** A command of such a line. */
export interface Command {
  /** None: a task that is no command, or another program. */
  entry: Runnable | undefined;
  args: string[];
  /** Of `deno run`. */
  flags: string[];
}

export const tasks: Readonly<Record<string, string>> = JSON.parse(
  await Deno.readTextFile(new URL("deno.json", ROOT)),
).tasks;

/** Programs of others that the guide uses. */
const PROGRAMS =
  "printf echo cp grep head sha256sum cmp nc fg wait python3 rm curl sleep nats-server"
    .split(" ");

export async function readGuide(file: string): Promise<Section[]> {
  const text = await Deno.readTextFile(new URL(file, GUIDE_FOLDER));
  const sections: Section[] = [];
  let block: Block | null = null;
  let terminal = "";
  for (const line of text.split("\n")) {
    const section = sections.at(-1);
    const [, kind] = /^```(\w*)$/.exec(line) ?? [];
    const [, marks, title] = /^(#+) (.+)$/.exec(line) ?? [];
    if (block !== null) {
      if (kind === undefined) block.lines.push(line);
      else block = null;
    } else if (kind !== undefined) {
      block = { kind, lines: [], terminal };
      terminal = "";
      section?.blocks.push(block);
    } else if (marks !== undefined && title !== undefined) {
      sections.push({ title, level: marks.length, text: "", blocks: [] });
    } else if (section) {
      terminal = /^\*\*(Terminal \d)\*\*$/.exec(line)?.[1] ?? terminal;
      section.text += `${line}\n`;
    }
  }
  assertEquals(block, null, `${file} has a block without an end`);
  return sections;
}

/** The sections of each chapter: a heading of the second level, and below. */
export function chaptersOf(sections: readonly Section[]): Section[][] {
  const chapters: Section[][] = [];
  for (const section of sections) {
    if (section.level <= 2) chapters.push([]);
    chapters.at(-1)?.push(section);
  }
  return chapters;
}

/** What `kind: "sh"` lists, and other kinds have after a `$`. */
export function typedLines({ kind, lines }: Omit<Block, "terminal">): Typed[] {
  if (kind === "sh") return lines.map((line) => ({ line, printed: [] }));
  const typed: Typed[] = [];
  for (const line of lines) {
    if (line.startsWith("$ ")) typed.push({ line: line.slice(2), printed: [] });
    else typed.at(-1)?.printed.push(line);
  }
  return typed;
}

/** The commands of a line, without comments and files. */
export function commandsOf(line: string): string[] {
  return line.replaceAll(/ (?:[<>] \S+|2>&1)|(^| )#.*$/g, "").split(
    / (?:\||&&?) /,
  )
    .map((command) => command.trim()).filter(Boolean);
}

/** Whether it is there to show what is said of wrong words. */
export function isWrong({ printed }: Typed): boolean {
  return printed.some((line) => line.endsWith(" --help)"));
}

/** Reads `deno task scan ::1`, `deno run ...`, or another program's command. */
export function readCommand(command: string): Command {
  const words = [...command.matchAll(/"([^"]*)"|'([^']*)'|\S+/g)]
    .map(([word, double, single]) => double ?? single ?? word);
  if (words[0] === "npx") words.splice(0, 3, "deno");
  const [program = "", action, name = "", ...args] = words;
  if (program !== "deno" || action === "eval") {
    assert(
      ["deno", ...PROGRAMS].includes(program),
      `Who knows ${program}? ${command}`,
    );
    return { entry: undefined, args: [], flags: [] };
  }
  if (action === "task") {
    assert(name in tasks, `There is no task ${name}`);
    const entry = catalogue.find((entry) => taskOf(entry) === name);
    return { entry, args, flags: [] };
  }
  assertEquals(action, "run", command);
  const script = words.findIndex((word) => word.endsWith(".ts"));
  const [file = "", ...rest] = words.slice(script);
  const wanted = file === "main.ts" ? rest.shift() : null;
  const entry = catalogue.find(({ name, file: own }) =>
    wanted === null ? own === file : name === wanted
  );
  assert(entry, `${file} is not in the catalogue`);
  return { entry, args: rest, flags: words.slice(2, script) };
}
