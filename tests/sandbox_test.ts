/**
 * The least permissions that can work are written down once, in the catalogue.
 * Header, task, `--help` and README must say the same, and they must be true.
 */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { flagsOf, taskOf } from "../.ci/generate.ts";
import { catalogue } from "../exercises/catalogue.ts";
import type { CommandSpec, Runnable } from "../exercises/cli/command_spec.ts";
import { helpOf } from "../exercises/cli/help.ts";
import { text } from "../exercises/cli/parameters.ts";
import { headerCommands, ROOT } from "./support/script.ts";

/** Both lists, in words such as `--allow-net=<host>`. */
function allFlags({ permissions, optionalPermissions = [] }: Runnable) {
  return [...permissions, ...optionalPermissions.map(([flag]) => flag)];
}

/** `--allow-net` of `--allow-net=<host>`. */
function kindOf(flag: string): string {
  return flag.split("=", 1)[0]!;
}

async function readTasks(): Promise<Record<string, string>> {
  const text = await Deno.readTextFile(new URL("deno.json", ROOT));
  return JSON.parse(text).tasks;
}

for (const entry of catalogue) {
  const { name, file, permissions } = entry;

  Deno.test(`the header of ${file} has exactly the permissions of the catalogue`, async () => {
    const own = (await headerCommands(file)).filter((words) =>
      words.includes(file)
    );
    assert(own.length > 0, "the header has no command");
    for (const words of own) {
      const flags = words.filter((word) => word.startsWith("--allow-"));
      const kinds = allFlags(entry).map(kindOf);
      for (const flag of flags) {
        assert(kinds.includes(kindOf(flag)), `${flag} is not in the catalogue`);
      }
      const args = words.slice(words.indexOf(file) + 1);
      for (const flag of permissions) {
        const values: Record<string, string> = {};
        Object.keys(entry.arguments).forEach((argument, i) => {
          values[argument] = args[i] ?? "";
        });
        const exact = flag.replaceAll(/<([\w-]+)>/g, (_, name) => {
          const option = entry.options[name];
          const fallback = option && "default" in option ? option.default : "";
          return values[name] ?? fallback ?? "";
        });
        assert(
          flags.some((given) => exact.startsWith(given)),
          `${exact} is not in ${flags.join(" ")}`,
        );
      }
    }
  });

  Deno.test(`the task of ${name} allows what the catalogue names, and no more`, async () => {
    const quoted = (await readTasks())[taskOf(entry)]!;
    const task = quoted.replaceAll("'", "");
    const flags = task.split(" ").filter((word) => word.startsWith("--allow-"));
    const kinds = allFlags(entry).map(kindOf);
    for (const flag of flags) {
      assert(kinds.includes(kindOf(flag)), `${flag} is too much`);
    }
    for (const flag of permissions) {
      assert(flags.map(kindOf).includes(kindOf(flag)), `${flag} is missing`);
    }
    assertStringIncludes(task, "--no-prompt");
    // A proxy also connects, to where it is told.
    if (entry.listens && !("host" in entry.arguments)) {
      const fence = "--allow-net=127.0.0.1,localhost,[::1]";
      assert(flags.includes(fence), `${name} is not fenced to loopback`);
    }
  });

  Deno.test(`--help of ${name} states its permissions`, () => {
    const help = helpOf(entry);
    for (const flag of allFlags(entry)) assertStringIncludes(help, flag);
  });
}

Deno.test("the README's table of permissions is the catalogue", async () => {
  const readme = await Deno.readTextFile(new URL("README.md", ROOT));
  const table = readme.slice(
    readme.indexOf("## Permissions"),
    readme.indexOf("## Add an exercise"),
  );
  const rows = [...table.matchAll(/^\| `(\w+)` +\| (.+?) +\| (.+?) +\|$/gm)]
    .map(([, name, needs, more]) => ({ name, needs, more }));
  const code = (flag: string) => `\`${flag}\``;
  const expected = catalogue.map((entry) => ({
    name: entry.name,
    needs: entry.permissions.map(code).join(" ") || "nothing",
    more: (entry.optionalPermissions ?? [])
      .map(([flag, use]) => `${code(flag)} to ${use}`).join("; ") || "-",
  }));
  assertEquals(rows, expected);
});

Deno.test("flagsOf() leaves open what a person chooses, and closes what has a default", () => {
  const command = (
    listens: boolean,
    permissions: string[],
    more: string[] = [],
  ): CommandSpec => ({
    name: "try",
    title: "Try",
    ...listens && { listens },
    arguments: {},
    options: {
      dir: text("a folder", { fallback: "files" }),
      output: text("a file", { fallback: "" }),
    },
    permissions,
    optionalPermissions: more.map((flag) => [flag, "do more"]),
    examples: [],
  });
  const net = "--allow-net=<host>:<port>";
  const server = command(true, [net, "--allow-read=<dir>"]);
  const client = command(false, [net], [
    "--allow-write=<output>",
    "--allow-x=y",
  ]);
  const fixed = command(false, ["--allow-net=a"], ["--allow-net=b"]);
  const cases: [CommandSpec[], string[]][] = [
    [[server], ["--allow-net=127.0.0.1,localhost,[::1]", "--allow-read=files"]],
    [[client], ["--allow-net", "--allow-write", "--allow-x=y"]],
    [[fixed], ["--allow-net=a,b"]],
    [[fixed, client], ["--allow-net", "--allow-write", "--allow-x=y"]],
    [[command(false, [])], []],
  ];
  for (const [commands, flags] of cases) assertEquals(flagsOf(commands), flags);
});
