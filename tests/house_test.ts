/** What stands in several places must not drift apart. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { staleFiles, taskOf } from "../.ci/generate.ts";
import { VERSION } from "../main.ts";
import { catalogue } from "../exercises/catalogue.ts";
import { ROOT } from "./support/script.ts";
import { listScripts } from "./support/syntax.ts";

const ROOMS = ["protocol", "servers", "exercises"] as const;

Deno.test("every exercise has a row", () => {
  for (const file of listScripts("exercises")) {
    if (!/exercises\/\d\d_\w+\.ts$/.test(file)) continue;
    assert(catalogue.some((entry) => entry.file === file), `no row: ${file}`);
  }
});

Deno.test("the version is the same wherever it stands", async () => {
  const text = await Deno.readTextFile(new URL("deno.json", ROOT));
  assertEquals(VERSION, JSON.parse(text).version);
});

Deno.test("deno.json has a task for every command, which runs its script", async () => {
  const text = await Deno.readTextFile(new URL("deno.json", ROOT));
  const { tasks } = JSON.parse(text) as { tasks: Record<string, string> };
  for (const row of catalogue) {
    const task = tasks[taskOf(row)];
    assert(task?.endsWith(` ${row.file}`), `${row.name}: ${task}`);
    assertStringIncludes(task!, "deno run --no-prompt ");
  }
});

Deno.test("what repeats the code is up to date, the guide's diagrams too", async () => {
  const stale = await Array.fromAsync(staleFiles(), ([{ href }]) => href);
  assertEquals(stale, [], "run deno task generate");
});

Deno.test("the README's table of commands is the catalogue", async () => {
  const readme = await Deno.readTextFile(new URL("README.md", ROOT));
  const rows = [...readme.matchAll(
    /^\| `([^`]+)` +\| (.+?) +\| \[(.+?)\]\((.+?)\) +\|$/gm,
  )].map(([, usage, title, name, link]) => ({ usage, title, name, link }));
  const expected = catalogue.map(({ usage, title, file }) => ({
    usage,
    title,
    name: file.slice("exercises/".length),
    link: file,
  }));
  assertEquals(rows, expected);
});

Deno.test("the code says nothing of `any`, and leaves nothing to do", async () => {
  for (const file of ROOMS.flatMap(listScripts)) {
    const source = await Deno.readTextFile(new URL(file, ROOT));
    const unfinished = ["TO" + "DO", "FIX" + "ME", ": any"];
    for (const mark of unfinished) {
      assertEquals(source.includes(mark), false, `${file}: ${mark}`);
    }
  }
});
