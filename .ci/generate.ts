/**
 * `deno task generate`: writes again what repeats the code elsewhere: the tasks,
 * the README's two tables, the menu in the guide, the lines that the guide
 * links to, and its diagrams. A test fails while one of them is stale.
 */
import { catalogue } from "../exercises/catalogue.ts";
import type { CommandSpec, Runnable } from "../exercises/cli/command_spec.ts";
import { CERTIFICATES } from "../exercises/cli/shared_parameters.ts";
import { createMenu, renderMenu } from "../exercises/tools/menu_state.ts";
import { bugPage } from "./bug_pages.ts";
import { drawExchanges } from "./diagrams.ts";

/** A task that starts a server lets it be reached from this machine only. */
const LOOPBACK = "127.0.0.1,localhost,[::1]";

/** Where a server listens. */
const LISTENS = ["<host>:<port>", "127.0.0.1:<metrics>"];

/** One that speaks TLS reads what `certificate` has written, and no more. */
const PEM_FILES = ["<ca>", "<cert>,<key>"];

/**
 * The flags with which `commands` can do all that their rows name. What the
 * person chooses anew each time (`<host>`) leaves a flag open; an option that
 * has a default (`<dir>`) closes it to that; one that has none is left out.
 */
export function flagsOf(commands: readonly CommandSpec[]): string[] {
  const allowed = new Map<string, Set<string>>();
  for (const { permissions, optionalPermissions = [], ...spec } of commands) {
    const optional = optionalPermissions.map(([flag]) => flag);
    for (const flag of [...permissions, ...optional]) {
      const [kind = "", where = ""] = flag.split("=", 2);
      const option = spec.options[where.slice(1, -1)];
      const scope = spec.listens && LISTENS.includes(where)
        ? LOOPBACK
        : PEM_FILES.includes(where)
        ? CERTIFICATES
        // What is off unless it is asked for needs nothing until then.
        : option && !("default" in option)
        ? null
        : where.includes("<")
        ? option && "default" in option && option.default || ""
        : where;
      if (scope === null) continue;
      allowed.set(kind, (allowed.get(kind) ?? new Set()).add(scope));
    }
  }
  return [...allowed].map(([kind, scopes]) =>
    scopes.has("") ? kind : `${kind}=${[...scopes].join()}`
  );
}

/** `deno task test` runs the tests, so the command `test` has another name. */
export function taskOf({ name }: CommandSpec): string {
  return name === "test" ? "test-connection" : name;
}

function taskFor(commands: readonly Runnable[], file: string): string {
  const flags = flagsOf(commands).map((flag) =>
    flag.includes("[") ? `'${flag}'` : flag
  );
  return ["deno run --no-prompt", ...flags, file].join(" ");
}

function withTasks(text: string): string {
  const config = JSON.parse(text);
  const others = Object.entries(config.tasks).filter(([, task]) =>
    !/ (main|exercises\/\S+)\.ts$/.test(`${task}`)
  );
  config.tasks = Object.fromEntries([
    ["tcplab", taskFor(catalogue, "main.ts")],
    ...catalogue.map((row) => [taskOf(row), taskFor([row], row.file)]),
    ...others,
  ]);
  return `${JSON.stringify(config, null, 2)}\n`;
}

function withTables(text: string): string {
  const code = (word: string) => `\`${word}\``;
  const commands = catalogue.map(({ usage, title, file }) => [
    code(usage),
    title,
    `[${file.slice("exercises/".length)}](${file})`,
  ]);
  const permissions = catalogue.map((row) => [
    code(row.name),
    row.permissions.map(code).join(" ") || "nothing",
    row.optionalPermissions?.map(([flag, use]) => `${code(flag)} to ${use}`)
      .join("; ") ?? "-",
  ]);
  const first = [["command", "what it is", "script"], ...commands];
  const second = [["command", "needs", "may have"], ...permissions];
  return withTable(withTable(text, first), second);
}

/** Puts the table in the place of the one that has the same headings. */
function withTable(text: string, [headings = [], ...rows]: string[][]): string {
  const widths = headings.map((_, i) =>
    Math.max(...[headings, ...rows].map((row) => row[i]!.length))
  );
  const rule = widths.map((width) => "-".repeat(width));
  const table = [headings, rule, ...rows].map((cells) =>
    `| ${cells.map((cell, i) => cell.padEnd(widths[i]!)).join(" | ")} |\n`
  );
  const there = `^\\| ${headings.join(" +\\| ")} .*\n(\\|.*\n)+`;
  return text.replace(RegExp(there, "m"), () => table.join(""));
}

function withMenuAndLines(text: string): string {
  const menu = renderMenu(createMenu(catalogue, false)).trim();
  return withLines(text.replace(/^tcplab\n[^]*?\[q\]:/m, () => menu));
}

/** With each drawing in place of the diagram of its exercise. */
function withDiagrams(text: string, drawings: readonly string[]): string {
  const diagram = /^```mermaid\n[^]*?^```$/gm;
  const there = text.match(diagram)?.length ?? 0;
  if (there !== drawings.length) {
    throw new Error(
      `The guide has ${there} diagrams, .ci/diagrams.ts ${drawings.length}`,
    );
  }
  const renewed = drawings.values();
  return text.replace(
    diagram,
    () => `\`\`\`mermaid\n${renewed.next().value}\`\`\``,
  );
}

/** [`probePort()`](01_port_scanner.ts#L43), [`Room.join()`](…), [`Room`](…) */
const LINE_LINK = /(\[`([\w.]+)(?:\(\))?`\]\(([\w./]+)#L)\d+(?=\))/g;

/** With each such link leading to the line where that is defined. */
function withLines(text: string): string {
  return text.replace(LINE_LINK, (_, link, name, file) => {
    const path = new URL(`../exercises/${file}`, import.meta.url);
    const line = lineOf(name, Deno.readTextFileSync(path));
    if (line === 0) throw new Error(`There is no ${name} in ${file}`);
    return `${link}${line}`;
  });
}

/** The line, from 1, that defines a function, a class or a method; 0: none. */
function lineOf(name: string, source: string): number {
  const lines = source.split("\n");
  const [outer, method] = name.split(".");
  const top = RegExp(
    `^(export )?(async )?(function\\*?|class|interface|const) ${outer}\\b`,
  );
  const start = lines.findIndex((line) => top.test(line));
  if (start < 0 || method === undefined) return start + 1;
  const inner = RegExp(`^  (async )?\\*?${method}\\(`);
  return lines.findIndex((line, i) => i > start && inner.test(line)) + 1;
}

/** The files that do not say what the code says, as they should be. */
export async function* staleFiles(): AsyncGenerator<[path: URL, text: string]> {
  const drawings = await drawExchanges();
  const withAll = (text: string) =>
    withDiagrams(withMenuAndLines(text), drawings);
  for (
    const [file, renew] of [
      ["deno.json", withTasks],
      ["README.md", withTables],
      ["exercises/README.md", withAll],
      ["exercises/README.es.md", withAll],
      ["exercises/tools/check/BUGS.md", () => bugPage("en")],
      ["exercises/tools/check/BUGS.es.md", () => bugPage("es")],
    ] as const
  ) {
    const path = new URL(`../${file}`, import.meta.url);
    const text = await Deno.readTextFile(path);
    const renewed = renew(text);
    if (renewed !== text) yield [path, renewed];
  }
}

if (import.meta.main) {
  for await (const [path, text] of staleFiles()) {
    await Deno.writeTextFile(path, text);
  }
}
