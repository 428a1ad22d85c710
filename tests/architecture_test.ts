/** The house: who may know whom, and what a student sees first. */
import { assert, assertEquals } from "@std/assert";
import { ROOT } from "./support/script.ts";
import {
  type Import,
  listScripts,
  parse,
  readSyntax,
} from "./support/syntax.ts";

/** From the bottom up. */
const FLOORS = ["protocol", "servers", "exercises"] as const;

const SCRIPTS = FLOORS.flatMap(listScripts);
const LESSONS = SCRIPTS.filter((file) =>
  /^exercises\/\d\d_\w+\.ts$/.test(file)
);

/** Where the rows of the catalogue stand. */
const TABLES = ["exercises/catalogue.ts", "exercises/tools/tools.ts"];

/** What a person sees of a file without scrolling, in lines. */
const SCREEN_LINES = 60;
const MAX_IMPORTS = 7;
const MIN_LINES = 12;
const MAX_LINES = 225;

const SYNTAX = new Map(
  await Promise.all(
    ["main.ts", ...SCRIPTS].map(async (file) =>
      [file, await readSyntax(file)] as const
    ),
  ),
);

/** Each import of another file of the program, with the one that has it. */
const ARROWS = [...SYNTAX].flatMap(([from, { imports }]) =>
  imports.filter(({ path }) => path !== null)
    .map((to): { from: string; to: Import & { path: string } } => ({
      from,
      to: { ...to, path: to.path! },
    }))
);

function floorOf(path: string): number {
  const floor = FLOORS.findIndex((name) => path.startsWith(`${name}/`));
  return floor < 0 ? FLOORS.length : floor;
}

Deno.test("syntax is read, not text: what a comment says counts for nothing", () => {
  const { imports, calls, members, headerEnd } = parse(
    "servers/a.ts",
    `/**
 * import { x } from "./x.ts"; connect({})
 */
import { type A, b } from "../protocol/text.ts";
import type { C } from "./c.ts";
import { type D } from "./d.ts";
const text = 'import "./e.ts"; listen({})';
const load = () => import("./f.ts"); // Deno.connect
using conn = await connect({ port: 1 });
Deno.listen({ port: 1 });
`,
  );
  assertEquals(
    imports.map(({ path, typeOnly, lazy }) => [path, typeOnly, lazy]),
    [
      ["protocol/text.ts", false, false],
      ["servers/c.ts", true, false],
      ["servers/d.ts", true, false],
      ["servers/f.ts", false, true],
    ],
  );
  assertEquals(calls, [{ callee: "connect", line: 9, awaited: true }]);
  assertEquals(members, [{ object: "Deno", property: "listen", line: 10 }]);
  assertEquals(headerEnd, 3);
});

Deno.test("arrows point down only: main -> exercises -> servers -> protocol", () => {
  assert(ARROWS.length > 200, "the imports were not found");
  const upward = ARROWS.filter(({ from, to }) =>
    floorOf(from) < floorOf(to.path)
  );
  assertEquals(upward, []);
});

Deno.test("the pure files of protocol/ take the types Reader and Writer from transport/, and nothing else", () => {
  const wrong = ARROWS.filter(({ from, to }) =>
    from.startsWith("protocol/") && !from.startsWith("protocol/transport/") &&
    to.path.startsWith("protocol/transport/") &&
    !(to.typeOnly && to.names.every((name) => /^(Reader|Writer)$/.test(name)))
  );
  assertEquals(wrong, []);
});

Deno.test("no two files import each other, over any way round", () => {
  // A row of a table loads its script when it is chosen, and the script knows
  // its row. Nothing else is excused by being lazy.
  const graph = Map.groupBy(
    ARROWS.filter(({ from, to }) => !(to.lazy && TABLES.includes(from))),
    ({ from }) => from,
  );
  const done = new Set<string>();
  function visit(file: string, path: string[]): void {
    assert(!path.includes(file), `a circle: ${[...path, file].join(" -> ")}`);
    if (done.has(file)) return;
    for (const { to } of graph.get(file) ?? []) visit(to.path, [...path, file]);
    done.add(file);
  }
  for (const file of graph.keys()) visit(file, []);
});

Deno.test("only transport/ and exercises/ know Deno's sockets, and only exercises/ print", () => {
  for (const [file, { members }] of SYNTAX) {
    if (floorOf(file) >= floorOf("exercises/")) continue;
    for (const { object, property, line } of members) {
      const printed = object === "console" ||
        object === "Deno" && /^std(out|err|in)$/.test(property);
      const socket = object === "Deno" && /^(connect|listen)/.test(property) &&
        !file.startsWith("protocol/transport/");
      assert(!printed && !socket, `${file}:${line} ${object}.${property}`);
    }
  }
});

for (const file of LESSONS) {
  Deno.test(`${file} has its socket call on the first screen, and few imports`, () => {
    const { imports, calls, headerEnd } = SYNTAX.get(file)!;
    assert(imports.length <= MAX_IMPORTS, `${imports.length} imports`);
    const call = calls.find(({ callee, awaited }) =>
      callee === "listen" || callee === "connect" && awaited
    );
    assert(call, "there is no await connect(), and no listen()");
    const below = call.line - headerEnd;
    assert(
      below <= SCREEN_LINES,
      `${call.callee}() comes ${below} lines below`,
    );
  });

  Deno.test(`${file} says what to read with it: at most two files, which are there`, async () => {
    const source = await Deno.readTextFile(new URL(file, ROOT));
    const header = source.slice(0, source.indexOf("*/"));
    const [, words] =
      /^ \* Read with it: ([^]*?)\n \* (?:Try next|You will)/m.exec(header) ??
        [];
    assert(words, "the header does not say");
    const files = words.match(/[\w/]+\.ts/g) ?? [];
    assert(files.length <= 2, `${files}`);
    for (const name of files) {
      const there = [name, `exercises/${name}`].some((path) =>
        SCRIPTS.includes(path)
      );
      assert(there, `${name} is not there`);
    }
  });
}

Deno.test("a file is a room: neither too small nor too large, each with a name of its own", async () => {
  const seen = new Map<string, string>();
  for (const file of SCRIPTS) {
    const name = file.slice(file.lastIndexOf("/") + 1);
    if (name === "mod.ts") continue;
    // A table is as long as it has rows.
    if (/\/(catalogue|tools|hints_en|hints_es)\.ts$/.test(file)) continue;
    // One fault a file, however little it takes.
    if (file.startsWith("protocol/transport/faults/")) continue;
    const lines = (await Deno.readTextFile(new URL(file, ROOT))).split("\n");
    const count = lines.length - 1;
    assert(count >= MIN_LINES && count <= MAX_LINES, `${file}: ${count} lines`);
    assertEquals(seen.get(name), undefined, `${file} has a namesake`);
    seen.set(name, file);
  }
});
