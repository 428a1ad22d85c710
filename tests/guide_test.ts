/**
 * The guide in both languages cannot drift from the program, nor one from the
 * other. Its blocks mean:
 *
 * - `console`: what a terminal shows. It is run, and must print just that.
 *   After `$` comes what is typed into the shell, after `>` into the program; a
 *   lone `>` ends the input, `^C` interrupts, `...` stands for any lines. Of a
 *   server's log a block shows each kind of line once, at least. A block
 *   belongs to the **Terminal** named before it; without `$` it goes on there.
 *   Terminals last as long as their chapter.
 * - `sh` and `text`: commands, and a look at what needs another machine, a
 *   keyboard or luck. Only their words are checked.
 */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { catalogue } from "../exercises/catalogue.ts";
import { wantsHelp } from "../exercises/cli/command.ts";
import { parseCommand } from "../exercises/cli/parse_command.ts";
import { createMenu, renderMenu } from "../exercises/tools/menu_state.ts";
import {
  chaptersOf,
  commandsOf,
  GUIDE_FOLDER,
  isWrong,
  readCommand,
  readGuide,
  type Section,
  typedLines,
} from "./support/guide.ts";
import { Scene } from "./support/scene.ts";
import { ROOT } from "./support/script.ts";
import { listScripts } from "./support/syntax.ts";

const FILES = ["README.md", "README.es.md"] as const;

for (const file of FILES) {
  Deno.test(`every command in exercises/${file} exists, with its options`, async () => {
    for (const { blocks } of await readGuide(file)) {
      for (const typed of blocks.flatMap(typedLines)) {
        for (const command of commandsOf(typed.line)) {
          const { entry, args, flags } = readCommand(command);
          if (entry === undefined) continue;
          const known = [
            ...entry.permissions,
            ...(entry.optionalPermissions ?? []).map(([flag]) => flag),
            "--no-prompt",
          ].map((flag) => flag.split("=", 1)[0]);
          for (const flag of flags) {
            assert(
              known.includes(flag.split("=", 1)[0]),
              `${flag}: ${command}`,
            );
          }
          if (!wantsHelp(args) && !isWrong(typed)) parseCommand(entry, args);
        }
      }
    }
  });
}

Deno.test("the guide says the same in both languages", async () => {
  const english = await readGuide("README.md");
  const spanish = await readGuide("README.es.md");
  for (const [i, section] of english.entries()) {
    const other = spanish[i];
    assert(other, `There is no "${section.title}" in Spanish`);
    assertEquals(outlineOf(other), outlineOf(section), section.title);
  }
  assertEquals(spanish.length, english.length);
});

/** What does not depend on the language. */
function outlineOf({ level, text, blocks }: Section) {
  const count = (pattern: RegExp) => text.match(pattern)?.length ?? 0;
  return {
    level,
    blocks: blocks.map(({ kind, lines, terminal }) => ({
      kind,
      terminal,
      lines: lines.filter((line) => !/^#/.test(line)),
    })),
    answers: count(/^<details>/gm),
    points: count(/^(- |\*\*\d+\.\*\*)/gm),
    rows: count(/^\|/gm),
    links: [...text.matchAll(LINK)].map(([, to]) =>
      // A heading has another name in the other language.
      to!.replace(/\.es\.md$/, ".md").replace(/#.*/, "#")
    ),
    code: new Set(text.match(/`[^`]+`/g)),
  };
}

const LINK = /\]\(([^)]+)\)/g;

Deno.test("every link in the guide leads to a file, or a heading", async () => {
  for (const file of FILES) {
    const sections = await readGuide(file);
    const anchors = sections.map(({ title }) => anchorOf(title));
    for (const { text } of sections) {
      for (const [, to = ""] of text.matchAll(LINK)) {
        if (
          /^https:\/\/(www\.rfc-editor\.org|docs\.deno\.com|prometheus\.io)/
            .test(to)
        ) {
          continue;
        }
        const [path, anchor] = to.split("#");
        if (path) assert(await Deno.stat(new URL(path, GUIDE_FOLDER)), to);
        else assert(anchors.includes(anchor!), `${file} has no heading ${to}`);
      }
    }
  }
});

/** How GitHub names a heading in a link. */
function anchorOf(title: string): string {
  return title.toLowerCase().replaceAll(/[^\p{L}\p{N} _-]/gu, "")
    .replaceAll(" ", "-");
}

Deno.test("every exercise of the guide has its diagram", async () => {
  const exercises = catalogue.filter((row) => row.exercise);
  const numbers = [...new Set(exercises.map((row) => row.exercise))];
  for (const file of FILES) {
    const chapters = chaptersOf(await readGuide(file)).filter(([first]) =>
      /^(Exercise|Ejercicio) \d+:/.test(first!.title)
    );
    assertEquals(chapters.length, numbers.length);
    for (const chapter of chapters) {
      const diagrams = chapter.flatMap(({ blocks }) => blocks)
        .filter(({ kind }) => kind === "mermaid");
      assertEquals(diagrams.length, 1, chapter[0]!.title);
    }
  }
});

Deno.test("the menu in the guide is the menu, and all commands are in the guide", async () => {
  const menu = renderMenu(createMenu(catalogue, false)).trim();
  for (const file of FILES) {
    const text = await Deno.readTextFile(new URL(file, GUIDE_FOLDER));
    assertStringIncludes(text, menu);
    const missing = catalogue.filter(({ name }) =>
      !new RegExp(`(task |\`)${name}\\b`).test(text)
    );
    assertEquals(missing.map(({ name }) => name), []);
  }
});

Deno.test("every event that a server logs is in the guide's table", async () => {
  const sources = [...listScripts("servers"), ...listScripts("exercises")];
  const events = new Set<string>();
  for (const source of sources) {
    const code = await Deno.readTextFile(new URL(source, ROOT));
    for (const [, event] of code.matchAll(/\bevent: "([^"]+)"/g)) {
      events.add(event!);
    }
  }
  assert(events.size >= 10, [...events].join());
  for (const file of FILES) {
    const text = await Deno.readTextFile(new URL(file, GUIDE_FOLDER));
    const missing = [...events].filter((event) =>
      !new RegExp(`^\\| \`${event}\` `, "m").test(text)
    );
    assertEquals(missing, [], file);
  }
});

Deno.test("what the guide calls Deno's is there", async () => {
  for (const file of FILES) {
    const text = await Deno.readTextFile(new URL(file, GUIDE_FOLDER));
    for (const [, path] of text.matchAll(/\bDeno\.([\w.]+\w)/g)) {
      let value: unknown = Deno;
      for (const name of path!.split(".")) {
        value = (value as Record<string, unknown> | undefined)?.[name];
      }
      assert(value !== undefined, `Deno.${path}`);
    }
  }
});

Deno.test({
  name: "every console block of the guide is what is printed",
  ignore: Deno.build.os === "windows", // There is no sh.
  fn: async () => {
    const chapters = chaptersOf(await readGuide("README.md"));
    const failures = await Promise.all(chapters.map(async (chapter) => {
      const blocks = chapter.flatMap(({ blocks }) => blocks);
      await using scene = new Scene();
      return await scene.play(blocks.filter(({ kind }) => kind === "console"))
        .then(() => "", (error) => `${chapter[0]!.title}: ${error.message}`);
    }));
    assert(failures.every((failure) => failure === ""), failures.join("\n"));
  },
});
