/**
 * The guide in both languages cannot drift from the program, nor one from the
 * other. Its blocks mean:
 *
 * - `console`: what a terminal shows. It is run, and must print just that.
 *   After `$` comes what is typed into the shell, after `>` into the program; a
 *   lone `>` ends the input, `^C` interrupts, `...` stands for any lines. A
 *   block belongs to the **Terminal** named before it; without `$` it goes on
 *   there. Terminals last as long as their chapter.
 * - `sh` and `text`: commands, and a look at what needs another machine, a
 *   keyboard or luck. Only their words are checked.
 */
import { assert, assertEquals, assertThrows } from "@std/assert";
import { catalogue, type CatalogueEntry } from "../exercises/catalogue.ts";
import { wantsHelp } from "../exercises/terminal/command.ts";
import { parseCommand } from "../exercises/terminal/parse_command.ts";
import { UsageError } from "../exercises/terminal/usage_error.ts";
import { freePort } from "./support/network.ts";
import { linesOf, ROOT } from "./support/script.ts";

const FILES = ["README.md", "README.es.md"] as const;
const FOLDER = new URL("exercises/", ROOT);

/** A scene that takes longer waits for something that will not come. */
const SCENE_TIMEOUT_MS = 60_000;

interface Block {
  kind: string;
  lines: string[];
  /** The terminal named before it; empty: one of its own. */
  terminal: string;
}

/** A heading, and what stands under it up to the next. */
interface Section {
  title: string;
  level: number;
  /** Without the blocks. */
  text: string;
  blocks: Block[];
}

async function readGuide(file: string): Promise<Section[]> {
  const text = await Deno.readTextFile(new URL(file, FOLDER));
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

const tasks: Record<string, string> = JSON.parse(
  await Deno.readTextFile(new URL("deno.json", ROOT)),
).tasks;

/** `deno task test` runs the tests, so the command `test` has another name. */
const COMMANDS: Record<string, string> = { "test-connection": "test" };

/** Programs of others that the guide uses. */
const PROGRAMS = "npx printf echo grep head sha256sum nc git cd ss python3 for";

interface Command {
  /** What it runs; none: a task that is no command, or another program. */
  entry: CatalogueEntry | undefined;
  args: string[];
  flags: string[];
}

/** Reads one command of a line: `deno task scan ::1`, `deno run ...`, `nc`. */
function readCommand(command: string): Command {
  const words = [...command.matchAll(/"([^"]*)"|'([^']*)'|\S+/g)]
    .map(([word, double, single]) => double ?? single ?? word);
  if (words[0] === "npx") words.splice(0, 3, "deno");
  const [program = "", action, name = "", ...args] = words;
  if (program !== "deno") {
    assert(PROGRAMS.split(" ").includes(program), `who knows ${program}?`);
    return { entry: undefined, args: [], flags: [] };
  }
  if (action === "task") {
    assert(name in tasks, `there is no task ${name}`);
    const command = COMMANDS[name] ?? name;
    const entry = name === "test"
      ? undefined
      : catalogue.find(({ name }) => name === command);
    return { entry, args, flags: [] };
  }
  assertEquals(action, "run");
  const script = words.findIndex((word) => word.endsWith(".ts"));
  const file = words[script];
  const rest = words.slice(script + 1);
  const entry = catalogue.find((entry) =>
    file === "main.ts" ? entry.name === rest[0] : entry.file === file
  );
  assert(entry, `${file} is not in the catalogue`);
  if (file === "main.ts") rest.shift();
  return { entry, args: rest, flags: words.slice(2, script) };
}

/** The commands of a line for the shell. */
function commandsOf(line: string): string[] {
  return line.replaceAll(/ [<>] \S+| #.*$|^#.*$/g, "").split(/ (?:\||&&) |; /)
    .map((command) => command.trim()).filter(Boolean);
}

/** What a block has to type into the shell, with what is printed then. */
function typedLines(
  { kind, lines }: Block,
): { line: string; body: string[] }[] {
  if (kind === "sh") return lines.map((line) => ({ line, body: [] }));
  const typed: { line: string; body: string[] }[] = [];
  for (const line of lines) {
    if (line.startsWith("$ ")) typed.push({ line: line.slice(2), body: [] });
    else typed.at(-1)?.body.push(line);
  }
  return typed;
}

for (const file of FILES) {
  Deno.test(`every command in exercises/${file} exists, with its options`, async () => {
    const seen = new Set<string>();
    for (const { blocks } of await readGuide(file)) {
      for (const { line, body } of blocks.flatMap(typedLines)) {
        for (const command of commandsOf(line)) {
          const { entry, args, flags } = readCommand(command);
          if (entry === undefined) continue;
          seen.add(entry.name);
          const known = [
            ...entry.permissions,
            ...(entry.optionalPermissions ?? []).map(([flag]) => flag),
            "--no-prompt",
          ].map((flag) => flag.split("=", 1)[0]);
          for (const flag of flags) {
            assert(known.includes(flag.split("=", 1)[0]), `${flag}: ${line}`);
          }
          if (wantsHelp(args)) continue;
          const parse = () => parseCommand(entry, args);
          const isWrong = body.some((line) => line.endsWith(" --help)"));
          if (isWrong) assertThrows(parse, UsageError);
          else parse();
        }
      }
    }
    const missing = catalogue.filter(({ name }) => !seen.has(name));
    assertEquals(missing.map(({ name }) => name), []);
  });
}

Deno.test("the guide says the same in both languages", async () => {
  const [english, spanish] = await Promise.all(
    FILES.map(async (file) => (await readGuide(file)).map(outlineOf)),
  );
  assertEquals(spanish, english);
});

/** What does not depend on the language. */
function outlineOf({ level, text, blocks }: Section) {
  const count = (pattern: RegExp) => text.match(pattern)?.length ?? 0;
  return {
    level,
    blocks: blocks.map(({ kind, lines, terminal }) =>
      kind === "mermaid"
        ? { kind, arrows: lines.filter((line) => ARROW.test(line)).length }
        : { kind, terminal, lines: lines.filter((line) => !/^#/.test(line)) }
    ),
    answers: count(/^<details>/gm),
    points: count(/^(- |\*\*\d+\.\*\*)/gm),
    rows: count(/^\|/gm),
    links: [...text.matchAll(LINK)].map(([, to]) =>
      // A heading has another name in the other language.
      to!.replace(/\.es\.md$/, ".md").replace(/#.*/, "#")
    ),
    code: [...text.matchAll(/`[^`]+`/g)].map(([code]) => code).sort(),
  };
}

const LINK = /\]\(([^)]+)\)/g;

Deno.test("every link in the guide leads to a file, or a heading", async () => {
  for (const file of FILES) {
    const sections = await readGuide(file);
    const anchors = sections.map(({ title }) => anchorOf(title));
    for (const { text } of sections) {
      for (const [, to = ""] of text.matchAll(LINK)) {
        if (/^https:\/\/(www\.rfc-editor\.org|docs\.deno\.com)\//.test(to)) {
          continue;
        }
        const [path, anchor] = to.split("#");
        if (path) assert(await Deno.stat(new URL(path, FOLDER)), to);
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

const ARROW = /^(\w+)(?:--?>>|--?x|--?\))(\w+): \S/;

Deno.test("every diagram in the guide is one, between declared participants", async () => {
  for (const file of FILES) {
    const blocks = (await readGuide(file)).flatMap(({ blocks }) => blocks);
    const diagrams = blocks.filter(({ kind }) => kind === "mermaid");
    assert(
      diagrams.length >= catalogue.filter((row) => row.exercise).length - 2,
    );
    for (const { lines } of diagrams) {
      const [first, ...rest] = lines.map((line) => line.trim());
      assertEquals(first, "sequenceDiagram");
      const declared = new Set<string>();
      let open = 0;
      for (const line of rest) {
        // Mermaid ends a statement there, and takes `end` for a keyword.
        assert(!/[;#]/.test(line), `${file}: ${line}`);
        const [, name] = /^participant (\w+) as .+$/.exec(line) ?? [];
        const [, from, to] = ARROW.exec(line) ?? [];
        const [, over] = /^Note over (\w+(?:,\w+)?): .+$/.exec(line) ?? [];
        const used = [from, to, ...(over?.split(",") ?? [])].filter(Boolean);
        for (const who of used) assert(declared.has(who!), `${who}: ${line}`);
        if (name !== undefined) declared.add(name);
        else if (/^(par|loop|alt|opt) .+$/.test(line)) open++;
        else if (line === "end") open--;
        else assert(used.length > 0 || /^(and|else) .+$/.test(line), line);
      }
      assertEquals(open, 0, "a part of a diagram has no end");
      assert(declared.size >= 2);
    }
  }
});

Deno.test("what the guide calls Deno's is there", async () => {
  for (const file of FILES) {
    const text = await Deno.readTextFile(new URL(file, FOLDER));
    for (const [, path] of text.matchAll(/\bDeno\.([\w.]+\w)/g)) {
      let value: unknown = Deno;
      for (const name of path!.split(".")) {
        value = (value as Record<string, unknown> | undefined)?.[name];
      }
      assert(value !== undefined, `Deno.${path}`);
    }
  }
});

/** A program that runs in a terminal: both its outputs as one, as there. */
class Running {
  readonly #child: Deno.ChildProcess;
  readonly #lines: ReadableStreamDefaultReader<string>;
  readonly #input: WritableStreamDefaultWriter<Uint8Array>;

  constructor(shellCommand: string) {
    this.#child = new Deno.Command("sh", {
      args: ["-c", shellCommand],
      cwd: ROOT,
      env: { NO_COLOR: "1" },
      stdin: "piped",
      stdout: "piped",
    }).spawn();
    this.#lines = linesOf(this.#child.stdout);
    this.#input = this.#child.stdin.getWriter();
  }

  /** The next line that it prints, or null when it has ended. */
  async readLine(): Promise<string | null> {
    return (await this.#lines.read()).value ?? null;
  }

  async type(line: string): Promise<void> {
    await this.#input.write(new TextEncoder().encode(`${line}\n`));
  }

  /** Ctrl-D. A program that has ended does not mind. */
  async endInput(): Promise<void> {
    await this.#input.close().catch(() => {});
  }

  kill(signal: Deno.Signal): void {
    try {
      this.#child.kill(signal);
    } catch {
      // It has ended by itself.
    }
  }

  /** Waits for its end: what it still prints, and its exit code. */
  async end(): Promise<{ lines: string[]; code: number }> {
    await this.endInput();
    const lines: string[] = [];
    for (;;) {
      const line = await this.readLine();
      if (line === null) break;
      lines.push(line);
    }
    return { lines, code: (await this.#child.status).code };
  }
}

/** What a command of the guide is here. */
interface Translated {
  /** For `sh`, with ports of its own. */
  shell: string;
  server: boolean;
  /** A scan of so many ports that what it finds depends on the machine. */
  scansMany: boolean;
  sorted: boolean;
}

/** One chapter as it is played: its terminals and its ports. */
class Scene implements AsyncDisposable {
  /** The ports of the guide, and those that stand for them here. */
  readonly #ports = new Map<number, number>();
  readonly #running = new Map<string, Running & { server: boolean }>();
  readonly #codes = new Map<string, number>();
  readonly #timer = setTimeout(() => {
    for (const program of this.#running.values()) program.kill("SIGKILL");
  }, SCENE_TIMEOUT_MS);

  /** `goesOn`: a later block of this terminal has no command. */
  async play({ lines, terminal }: Block, goesOn: boolean): Promise<void> {
    const typed = typedLines({ kind: "console", lines });
    const first = lines.findIndex((line) => line.startsWith("$ "));
    const before = lines.slice(0, first < 0 ? undefined : first);
    if (before.length > 0) {
      await this.#follow(terminal, before, goesOn || typed.length > 0);
    }
    for (const [i, { line, body }] of typed.entries()) {
      const stays = goesOn && i === typed.length - 1;
      await this.#run(terminal, line, body, stays);
    }
  }

  async #run(terminal: string, line: string, body: string[], stays: boolean) {
    assertEquals(this.#running.has(terminal), false, `busy before: ${line}`);
    if (line === "echo $?") {
      assertEquals(body, [`${this.#codes.get(terminal)}`], line);
      return;
    }
    const { shell, server, scansMany, sorted } = this.#translate(line, body);
    const program = Object.assign(new Running(shell), { server });
    this.#running.set(terminal, program);
    if (server) {
      const [documented, here] = [body[0]!, await program.readLine() ?? ""];
      const port = /:(\d+)$/;
      const actual = Number(port.exec(here)?.[1]);
      assert(actual > 0, `${line} printed: ${here}`);
      this.#ports.set(Number(port.exec(documented)![1]), actual);
      assertEquals(this.#normalize(here), this.#normalize(documented));
      await this.#follow(terminal, body.slice(1), true);
    } else if (stays || body.some((line) => line.startsWith(">"))) {
      await this.#follow(terminal, body, stays);
    } else {
      await program.endInput();
      let { lines: actual, code } = await program.end();
      this.#running.delete(terminal);
      this.#codes.set(terminal, code);
      actual = actual.map((line) => this.#normalize(line));
      let expected = body.map((line) => this.#normalize(line));
      if (sorted) [actual, expected] = [actual.sort(), expected.sort()];
      if (scansMany) {
        [actual, expected] = [actual, expected].map((lines) => [
          lines.at(-1)!.replaceAll(/\d+(?= open| closed)/g, "some"),
        ]);
      }
      if (!matches(actual, expected)) assertEquals(actual, expected, line);
    }
  }

  /** Types and reads line by line. */
  async #follow(terminal: string, lines: string[], stays: boolean) {
    const program = this.#running.get(terminal);
    assert(program, `nothing runs in ${terminal}: ${lines[0]}`);
    for (const line of lines) {
      if (line === "^C" || line === ">") {
        if (line === "^C") program.kill("SIGINT");
        else await program.endInput();
      } else if (line.startsWith("> ")) await program.type(line.slice(2));
      else await this.#expect(program, line);
    }
    if (stays && !["^C", ">"].includes(lines.at(-1)!)) return;
    this.#running.delete(terminal);
    const { lines: rest, code } = await program.end();
    this.#codes.set(terminal, code);
    if (!program.server) assertEquals(rest, [], `more in ${terminal}`);
  }

  /** A server's log may tell more than the guide shows. */
  async #expect(program: Running & { server: boolean }, line: string) {
    const expected = this.#normalize(line);
    const others: string[] = [];
    for (;;) {
      const actual = await program.readLine();
      if (actual !== null && this.#normalize(actual) === expected) return;
      others.push(actual ?? "(the end)");
      if (actual === null || !program.server) {
        assertEquals(others.map((line) => this.#normalize(line)), [expected]);
      }
    }
  }

  #translate(line: string, body: string[]): Translated {
    let [server, scansMany, sorted] = [false, false, false];
    const shell = commandsOf(line).map((command) => {
      const { entry, args } = readCommand(command);
      let here = command;
      if (entry && !body.some((line) => line.endsWith(" --help)"))) {
        const values = parseCommand(entry, args) as Record<string, unknown>;
        server = body[0]?.startsWith("Listening on ") ?? false;
        const ports = [values.port ?? values.ports ?? []].flat() as number[];
        sorted = ports.length > 1;
        scansMany = ports.length > 100;
        for (const port of scansMany ? [] : ports) {
          const actual = server ? 0 : this.#portFor(port);
          const word = new RegExp(String.raw`(?<![\d.])${port}(?![\d.])`, "g");
          here = word.test(args.join(" "))
            ? here.replaceAll(word, `${actual}`)
            : `${here} ${actual}`;
        }
      }
      return here.replace(/^deno task (\S+)/, (_, name) => tasks[name]!)
        .replace(/^deno\b/, `'${Deno.execPath()}'`);
    });
    const [only] = shell;
    return {
      // Signals are for the program, not for its shell.
      shell: shell.length === 1
        ? `exec ${only} 2>&1`
        : `{ ${shell.join(" | ")}; } 2>&1`,
      server,
      scansMany,
      sorted,
    };
  }

  /** Where nothing of this scene listens, nothing listens at all. */
  #portFor(documented: number): number {
    const port = this.#ports.get(documented) ?? freePort();
    this.#ports.set(documented, port);
    return port;
  }

  /** The same for two lines that differ by time, place or luck only. */
  #normalize(line: string): string {
    for (const [documented, actual] of this.#ports) {
      const word = new RegExp(String.raw`(?<!\d)${actual}(?!\d)`, "g");
      line = line.replaceAll(word, `${documented}`);
    }
    return line
      .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "(ISO 8601)")
      .replaceAll(/\w+day, \w+ \d+, \d{4} [\d:]+-UTC/g, "(RFC 867)")
      .replace(/^\d\d:\d\d:\d\d /, "(clock) ")
      .replace(/(?<=Connected in |"connectMs":)[\d.]+/, "(ms)")
      .replaceAll(/(?<![\d.])\d+\.\d+(?![\d.])/g, "(decimal)")
      .replaceAll(/(?<!\d)\d{5}(?!\d)/g, "(port)")
      .replace(/ *registered as \S+$|,"service":"[^"]+"/, "")
      .replaceAll(/ +/g, " ").trim();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const program of this.#running.values()) {
      program.kill("SIGTERM");
      await program.end();
    }
    clearTimeout(this.#timer);
  }
}

/** `...` among the expected lines stands for any lines. */
function matches(actual: string[], expected: string[]): boolean {
  const [first, ...rest] = expected;
  if (first === undefined) return actual.length === 0;
  if (first !== "...") {
    return actual[0] === first && matches(actual.slice(1), rest);
  }
  return actual.some((_, i) => matches(actual.slice(i), rest)) ||
    matches([], rest);
}

/** Each with the sections under it. */
function chaptersOf(sections: Section[]): Section[][] {
  const chapters: Section[][] = [];
  for (const section of sections) {
    if (section.level <= 2) chapters.push([]);
    chapters.at(-1)?.push(section);
  }
  return chapters;
}

for (const chapter of chaptersOf(await readGuide(FILES[0]))) {
  const blocks = chapter.flatMap(({ blocks }) => blocks)
    .filter(({ kind }) => kind === "console");
  if (blocks.length === 0) continue;
  Deno.test({
    name: `the guide's "${chapter[0]!.title}" shows what is printed`,
    ignore: Deno.build.os === "windows", // There is no sh.
    fn: async () => {
      await using scene = new Scene();
      for (const [i, block] of blocks.entries()) {
        const next = blocks.slice(i + 1).find(({ terminal }) =>
          terminal !== "" && terminal === block.terminal
        );
        await scene.play(block, next?.lines[0]?.startsWith("$ ") === false);
      }
    },
  });
}
