/**
 * The corpus of `check`: programs as students write them, each with its one
 * right verdict.
 *
 *     deno run -A tests/check/corpus.ts [role] [program] [--times <n>] [--jobs <n>] [--tries <n>]
 *         [--tolerate <n>] [--right] [--show]
 *
 * grades them, and tells of each whose verdict is another. What needs a
 * language that is not here is skipped, and said so.
 */
import { parseArgs } from "@std/cli/parse-args";
import { type Grade, grade } from "../../exercises/tools/check/grade.ts";
import {
  type RoleName,
  roleNames,
} from "../../exercises/tools/check/role_names.ts";
import { roles } from "../../exercises/tools/check/roles.ts";
import { placeOf } from "../../exercises/tools/check/place.ts";
import * as network from "../../protocol/transport/resettable.ts";
import { ROOT } from "../support/script.ts";

const PROGRAMS = new URL("tests/check/programs/", ROOT);

/** A row of a manifest. */
export interface Entry {
  role: RoleName;
  program: string;
  /** The verdict: the ids of its bugs; none: it is right. */
  bugs: string[];
  about: string;
}

/** The laboratory's own command, which is right. */
const OWN = "tcplab";

/** What the programs of a role are told, behind their name. */
function argumentsOf({ role, program }: Entry): string[] {
  const isOwn = program === OWN;
  switch (role) {
    case "fileserver":
      return isOwn ? ["{port}", "--dir", "{dir}"] : ["{port}", "{dir}"];
    case "files":
      return ["{host}", "{port}", ...isOwn ? ["get"] : [], "{name}"];
    case "scan":
      return ["{host}", ...isOwn ? ["{ports}"] : ["{first}", "{last}"]];
    default:
      return role.endsWith("server") ? ["{port}"] : ["{host}", "{port}"];
  }
}

/** The rows of all manifests, or of one role's, and our own programs. */
export async function entries(role?: RoleName): Promise<Entry[]> {
  const wanted = role ? [role] : roleNames;
  const lists = wanted.map(async (role) => {
    const path = new URL(`${role}/manifest.json`, PROGRAMS);
    const rows: Omit<Entry, "role">[] = JSON.parse(
      await Deno.readTextFile(path),
    );
    const own = { program: OWN, bugs: [], about: "our own" };
    return [own, ...rows].map((row): Entry => ({ role, ...row }));
  });
  return (await Promise.all(lists)).flat();
}

/** Folders of what was compiled. */
const folders: string[] = [];

/** Where the compiled ones are, each compiled once. */
const compiled = new Map<string, Promise<string[] | null>>();

/** The command that runs it; null: its language is not here. */
export function commandOf(
  { role, program }: Entry,
): Promise<string[] | null> {
  if (program === OWN) {
    const main = new URL("main.ts", ROOT).pathname;
    return Promise.resolve([Deno.execPath(), "run", "-A", main, role]);
  }
  const path = new URL(`${role}/${program}`, PROGRAMS).pathname;
  const known = compiled.get(path);
  if (known) return known;
  const command = makeCommand(path);
  compiled.set(path, command);
  return command;
}

/** What is needed for a language, by the ending of its files. */
const TOOLS: Readonly<Record<string, string>> = {
  py: "python3",
  mjs: "node",
  c: "gcc",
  rs: "rustc",
  java: "javac",
};

async function makeCommand(path: string): Promise<string[] | null> {
  const [, name = "", language = ""] = /([^/]+)\.(\w+)$/.exec(path)!;
  const tool = TOOLS[language]!;
  // One that is there, and does not work, is as good as none.
  if (await failureOf(tool, ["--version"]) !== null) return null;
  if (language === "py" || language === "mjs") return [tool, path];
  const dir = await Deno.makeTempDir();
  folders.push(dir);
  const output = `${dir}/${name}`;
  switch (language) {
    case "c":
      await compile(tool, ["-pthread", "-o", output, path]);
      return [output];
    case "rs":
      await compile(tool, ["-o", output, path]);
      return [output];
  }
  // A public class must stand in a file of its name.
  const text = await Deno.readTextFile(path);
  const [, main = name] = /class (\w+)[^]*static void main/.exec(text) ?? [];
  await Deno.writeTextFile(`${dir}/${main}.java`, text);
  await compile(tool, ["-d", dir, `${dir}/${main}.java`]);
  return ["java", "-XX:TieredStopAtLevel=1", "-cp", dir, main];
}

async function compile(tool: string, args: string[]): Promise<void> {
  const failure = await failureOf(tool, args);
  if (failure !== null) throw new Error(failure);
}

/** What it says when it fails, or is not there; null: it worked. */
async function failureOf(
  tool: string,
  args: string[],
): Promise<string | null> {
  try {
    const command = new Deno.Command(tool, { args, stdout: "null" });
    const { success, stderr } = await command.output();
    return success ? null : new TextDecoder().decode(stderr);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return error.message;
    throw error;
  }
}

/** Grades one program. */
export async function gradeEntry(
  entry: Entry,
  command: readonly string[],
  seed: string,
): Promise<Grade> {
  const { role } = entry;
  const words = [...command, ...argumentsOf(entry)];
  const tools = {
    ...network,
    watch: (connect: typeof network.connect) => connect,
    signal: new AbortController().signal,
    startTimeoutMs: 30_000,
    tell: () => {},
  };
  await using place = await placeOf(roles[role]!, { words }, tools);
  return await grade({ role: roles[role]!, place, seed, tools });
}

/** Of the bugs that are named: in any order. */
export function verdictOf({ bugs }: Grade): string[] {
  return bugs.map(({ id }) => id).sort();
}

/** Grades one program, and tells what came of it. @returns Whether it is right. */
async function tell(
  entry: Entry,
  seed: string,
  show: boolean,
): Promise<boolean> {
  const name = `${entry.role}/${entry.program}`;
  const command = await commandOf(entry);
  if (command === null) {
    console.log(`skipped ${name}: its language is not here`);
    return true;
  }
  const startMs = performance.now();
  const took = () => `${((performance.now() - startMs) / 1000).toFixed(1)} s`;
  let result: Grade;
  try {
    result = await gradeEntry(entry, command, seed);
  } catch (error) {
    console.log(`WRONG   ${name} ${took()}:`, error);
    return false;
  }
  const isRight = `${verdictOf(result)}` === `${entry.bugs.toSorted()}` &&
    (result.status === "passed") === (entry.bugs.length === 0);
  const named = result.bugs.map(({ id, confidence }) =>
    `${id} (${confidence})`
  );
  const lines = [
    `${isRight ? "right  " : "WRONG  "} ${name} ${took()}: ${result.status}, ` +
    `${named.join(", ") || "no bug"}` +
    (isRight ? "" : `, wanted ${entry.bugs}`),
  ];
  for (const { status, name, failure, why } of result.results) {
    if (status === "passed" || isRight && !show) continue;
    const { symptom = "", detail = "" } = failure ?? {};
    lines.push(`          ${status} ${name} ${symptom} ${detail} ${why ?? ""}`);
  }
  console.log(lines.join("\n"));
  return isRight;
}

if (import.meta.main) {
  const args = parseArgs(Deno.args, {
    boolean: ["show", "right"],
    string: ["_", "times", "jobs", "tries", "tolerate"],
  });
  const { _: [role, only], times = 1, jobs = 1, tries = 1 } = args;
  const chosen = (await entries(role as RoleName | undefined))
    .filter(({ program }) => only === undefined || program === only)
    .filter(({ bugs }) => !args.right || bugs.length === 0);
  const runs = Array.from(
    { length: Number(times) },
    (_, n) => chosen.map((entry) => ({ entry, seed: `corpus-${n}` })),
  ).flat();
  let wrong = 0;
  const lane = async () => {
    for (let run = runs.shift(); run; run = runs.shift()) {
      let isRight = false;
      // On a machine that does other things it is said, and tried again.
      for (let n = 0; n < Number(tries) && !isRight; n++) {
        isRight = await tell(run.entry, run.seed, args.show === true);
      }
      if (!isRight) wrong++;
    }
  };
  await Promise.all(Array.from({ length: Number(jobs) }, lane));
  for (const dir of folders) await Deno.remove(dir, { recursive: true });
  console.log(wrong === 0 ? "all right" : `${wrong} wrong`);
  Deno.exit(wrong <= Number(args.tolerate ?? 0) ? 0 : 1);
}
