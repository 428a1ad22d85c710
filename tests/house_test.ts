/** The house: who may import whom, and what must not drift apart. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { VERSION } from "../main.ts";
import { catalogue } from "../exercises/catalogue.ts";
import { ROOT, taskOf } from "./support/script.ts";

const ROOMS = ["protocol", "servers", "exercises"] as const;

interface Import {
  from: string;
  to: string;
}

/** Every relative import of the program, static or not, as paths from ROOT. */
async function readImports(): Promise<Import[]> {
  const imports: Import[] = [];
  for (const file of ["main.ts", ...ROOMS.flatMap(listScripts)]) {
    const source = await Deno.readTextFile(new URL(file, ROOT));
    const code = source.replaceAll(/\/\*[^]*?\*\/|^\s*\/\/.*$/gm, "");
    const pattern = /(?:\bfrom |\bimport\(|new URL\()"(\.\.?\/[^"]+\.ts)"/g;
    for (const [, path] of code.matchAll(pattern)) {
      const to = new URL(path!, new URL(file, ROOT)).href;
      imports.push({ from: file, to: to.slice(ROOT.href.length) });
    }
  }
  return imports;
}

function listScripts(folder: string): string[] {
  return [...Deno.readDirSync(new URL(folder, ROOT))].flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory) return listScripts(path);
    return path.endsWith(".ts") ? [path] : [];
  });
}

function roomOf(path: string): number {
  const room = ROOMS.findIndex((name) => path.startsWith(`${name}/`));
  return room < 0 ? ROOMS.length : room;
}

Deno.test("arrows point down only: main -> exercises -> servers -> protocol", async () => {
  const imports = await readImports();
  assert(imports.length > 50, "the imports were not found");
  const upward = imports.filter(({ from, to }) => roomOf(from) < roomOf(to));
  assertEquals(upward, []);
});

Deno.test("no two files import each other, over any way round", async () => {
  const graph = Map.groupBy(await readImports(), ({ from }) => from);
  const done = new Set<string>();
  function visit(file: string, path: string[]): void {
    assert(!path.includes(file), `a circle: ${[...path, file].join(" -> ")}`);
    if (done.has(file)) return;
    for (const { to } of graph.get(file) ?? []) visit(to, [...path, file]);
    done.add(file);
  }
  for (const file of graph.keys()) visit(file, []);
});

Deno.test("of protocol/ only transport/ knows sockets, and only exercises/ print", async () => {
  for (const file of ROOMS.flatMap(listScripts)) {
    const source = await Deno.readTextFile(new URL(file, ROOT));
    const code = source.replaceAll(/\/\*[^]*?\*\/|\/\/.*$/gm, "");
    if (!file.startsWith("exercises/")) {
      assertEquals(/\bconsole\./.test(code), false, `${file} prints`);
      assertEquals(/Deno\.(stdout|stderr)/.test(code), false, file);
    }
    if (file.startsWith("protocol/") && !file.includes("/transport/")) {
      assertEquals(/Deno\.(connect|listen)/.test(code), false, file);
    }
  }
});

Deno.test("every exercise has its socket call in sight, and a row", async () => {
  for (const file of listScripts("exercises")) {
    if (!/exercises\/\d\d_\w+\.ts$/.test(file)) continue;
    const text = await Deno.readTextFile(new URL(file, ROOT));
    const code = text.replaceAll(/\/\*[^]*?\*\/|\/\/.*/g, "");
    const call = /\blisten\(\{|await connect\(\{/;
    assert(call.test(code), `${file} shows no socket`);
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
  for (const { name, file } of catalogue) {
    const task = tasks[taskOf(name)];
    // The menu is handed the catalogue, which only main.ts has.
    const script = name === "menu" ? "main.ts menu" : file;
    assert(task?.endsWith(` ${script}`), `${name}: ${task}`);
    assertStringIncludes(task!, "deno run --no-prompt ");
  }
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
