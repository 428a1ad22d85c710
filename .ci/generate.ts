/**
 * `deno task generate`: writes again what repeats the catalogue elsewhere, the
 * tasks, the README's two tables and the menu in the guide. A test fails while
 * one of them is stale.
 */
import { catalogue } from "../exercises/catalogue.ts";
import type { CommandSpec, Runnable } from "../exercises/cli/command_spec.ts";
import { createMenu, renderMenu } from "../exercises/tools/menu_state.ts";

const ROOT = new URL("..", import.meta.url);

/** A task that starts a server lets it be reached from this machine only. */
const LOOPBACK = "127.0.0.1,localhost,[::1]";

/**
 * The flags with which `commands` can do all that their rows name. What the
 * person chooses anew each time (`<host>`) leaves a flag open; what has a
 * default among the options (`<dir>`) closes it to that.
 */
export function flagsOf(commands: readonly CommandSpec[]): string[] {
  const allowed = new Map<string, Set<string>>();
  for (const { permissions, optionalPermissions = [], ...spec } of commands) {
    const optional = optionalPermissions.map(([flag]) => flag);
    for (const flag of [...permissions, ...optional]) {
      const [kind = "", where = ""] = flag.split("=", 2);
      const scope = spec.listens && kind === "--allow-net"
        ? LOOPBACK
        : withDefaults(where, spec.options);
      allowed.set(kind, (allowed.get(kind) ?? new Set()).add(scope));
    }
  }
  return [...allowed].map(([kind, scopes]) =>
    scopes.has("") ? kind : `${kind}=${[...scopes].join()}`
  );
}

/** Empty when a placeholder is left. */
function withDefaults(where: string, options: CommandSpec["options"]): string {
  const filled = where.replaceAll(/<(\w+)>/g, (placeholder, name) => {
    const option = options[name];
    return option && "default" in option && option.default || placeholder;
  });
  return filled.includes("<") ? "" : filled;
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
  return [
    [["command", "what it is", "script"], ...commands],
    [["command", "needs", "may have"], ...permissions],
  ].reduce(withTable, text);
}

/** Puts the table in the place of the one that has the same headings. */
function withTable(text: string, [headings = [], ...rows]: string[][]): string {
  const widths = headings.map((_, i) =>
    Math.max(...[headings, ...rows].map((row) => row[i]!.length))
  );
  const line = (cells: string[]) =>
    `| ${cells.map((cell, i) => cell.padEnd(widths[i]!)).join(" | ")} |\n`;
  const rule = widths.map((width) => "-".repeat(width));
  const table = [headings, rule, ...rows].map(line).join("");
  const there = RegExp(`^\\| ${headings.join(" +\\| ")} .*\n(\\|.*\n)+`, "m");
  return text.replace(there, () => table);
}

function withMenu(text: string): string {
  const menu = renderMenu(createMenu(catalogue, false)).trim();
  return text.replace(/^tcplab\n[^]*?\[q\]:/m, () => menu);
}

/** Each file that repeats the catalogue, and how what it repeats is renewed. */
const FILES: Record<string, (text: string) => string> = {
  "deno.json": withTasks,
  "README.md": withTables,
  "exercises/README.md": withMenu,
  "exercises/README.es.md": withMenu,
};

/** The files that do not say what the catalogue says, as they should be. */
export async function staleFiles(): Promise<Map<string, string>> {
  const stale = new Map<string, string>();
  for (const [file, renew] of Object.entries(FILES)) {
    const text = await Deno.readTextFile(new URL(file, ROOT));
    const renewed = renew(text);
    if (renewed !== text) stale.set(file, renewed);
  }
  return stale;
}

if (import.meta.main) {
  for (const [file, text] of await staleFiles()) {
    await Deno.writeTextFile(new URL(file, ROOT), text);
    console.log(`${file} is written`);
  }
}
