import { assert, assertEquals } from "@std/assert";
import type { CatalogueEntry } from "../../exercises/catalogue.ts";
import { parseCommand } from "../../exercises/terminal/parse_command.ts";
import {
  type Block,
  commandsOf,
  isWrong,
  readCommand,
  tasks,
  type Typed,
  typedLines,
} from "./guide.ts";
import { Program } from "./program.ts";

/** A scene that takes longer waits for something that will not come. */
const SCENE_TIMEOUT_MS = 30_000;

/** From here on a scan finds what the machine has, and not what we started. */
const MANY_PORTS = 100;

const GUIDE_HOST = "127.0.0.1";

/** A program asks, and somebody types; or nothing: that is Ctrl-D. */
const PROMPT = /^\w*>(?: (.+))?$/;

/** A chapter of the guide as it is played: its terminals, and its ports. */
export class Scene implements AsyncDisposable {
  /** The ports of the guide, and those that stand for them here. */
  readonly #ports = new Map<number, number>();
  /** Who knocks on every port of 127.0.0.1 must not come into the play. */
  readonly #host = Deno.build.os === "linux" ? loopbackAddress() : GUIDE_HOST;
  readonly #running = new Map<string, Program>();
  readonly #exitCodes = new Map<string, number>();
  #overdue = false;
  readonly #timer = setTimeout(() => {
    this.#overdue = true;
    for (const program of this.#running.values()) program.kill("SIGKILL");
  }, SCENE_TIMEOUT_MS);

  /** Plays `blocks`, of kind `console`, one after the other. */
  async play(blocks: readonly Block[]): Promise<void> {
    for (const [i, block] of blocks.entries()) {
      const { terminal, lines } = block;
      const next = blocks.slice(i + 1).find((later) =>
        terminal !== "" && later.terminal === terminal
      );
      const goesOn = next !== undefined && !next.lines[0]!.startsWith("$ ");
      const command = lines.findIndex((line) => line.startsWith("$ "));
      await this.#follow(
        terminal,
        command < 0 ? lines : lines.slice(0, command),
      );
      const typed = typedLines(block);
      for (const each of typed) {
        await this.#settle(terminal);
        await this.#run(terminal, each, goesOn && each === typed.at(-1));
      }
    }
  }

  async #run(terminal: string, typed: Typed, goesOn: boolean): Promise<void> {
    const { line, printed } = typed;
    if (line === "echo $?") {
      return assertEquals(printed, [`${this.#exitCodes.get(terminal)}`]);
    }
    const isServer = printed[0]?.startsWith("Listening on ") === true;
    const program = new Program(this.#translate(typed, isServer), isServer);
    this.#running.set(terminal, program);
    if (isServer) {
      await this.#notePort(program, printed[0]!);
      await this.#follow(terminal, printed.slice(1));
    } else if (goesOn || printed.some((line) => PROMPT.test(line))) {
      await this.#follow(terminal, printed);
    } else {
      await program.endInput();
      await this.#settle(terminal, typed);
    }
  }

  /** Waits for what runs there, which has nothing but `printed` to print. */
  async #settle(
    terminal: string,
    { line, printed }: Typed = { line: terminal, printed: [] },
  ): Promise<void> {
    const program = this.#running.get(terminal);
    if (program === undefined) return;
    const { lines, code } = await program.end();
    assert(!this.#overdue, `${line} does not end`);
    this.#running.delete(terminal);
    this.#exitCodes.set(terminal, code);
    if (program.isServer) return;
    const [actual, expected] = [lines, printed].map((lines) =>
      lines.map((line) => this.#normalize(line))
    ) as [string[], string[]];
    // A scan lists ports in order, and ours are other ones.
    if (/task scan /.test(line) && !expected.includes("...")) {
      actual.sort();
      expected.sort();
    }
    if (!matches(actual, expected)) assertEquals(actual, expected, line);
  }

  /** Learns from a server where it listens. */
  async #notePort(server: Program, documented: string): Promise<void> {
    const actual = await server.readLine() ?? "(the end)";
    const [here, there] = [actual, documented].map((line) =>
      Number(/^Listening on .*:(\d+)$/.exec(line)?.[1])
    );
    assert(here, actual);
    this.#ports.set(there!, here);
    assertEquals(this.#normalize(actual), documented);
  }

  /** Types and reads, line by line. */
  async #follow(terminal: string, lines: readonly string[]): Promise<void> {
    for (const line of lines) {
      const program = this.#running.get(terminal);
      assert(program, `Nothing runs in ${terminal} to print ${line}`);
      const [prompt, text] = PROMPT.exec(line) ?? [];
      if (line === "^C") program.kill("SIGINT");
      else if (prompt === undefined) await this.#expect(program, line);
      else if (text === undefined) await program.endInput();
      else await program.type(text);
    }
  }

  /** A server's log may tell more than the guide shows. */
  async #expect(program: Program, line: string): Promise<void> {
    const expected = this.#normalize(line);
    const others: string[] = [];
    for (;;) {
      const actual = await program.readLine();
      const normal = this.#normalize(actual ?? "(the end)");
      if (normal === expected) return;
      others.push(normal);
      if (actual === null || !program.isServer) {
        assertEquals(others, [expected]);
      }
    }
  }

  /** The line for `sh`, with our ports for the guide's. */
  #translate(typed: Typed, isServer: boolean): string {
    const commands = commandsOf(typed.line).map((command) => {
      const { entry, args } = readCommand(command);
      let here = command;
      if (entry && !isWrong(typed)) {
        for (const port of portsOf(entry, args)) {
          const actual = `${isServer ? 0 : this.#portFor(port)}`;
          here = numberIn(args.join(" "), port)
            ? here.replaceAll(number(port), actual)
            : `${here} ${actual}`;
        }
      }
      if (entry?.listens && !args.includes("--host")) {
        here += ` --host ${GUIDE_HOST}`;
      }
      here = here.replace(/^deno task (\S+)/, (_, name) => tasks[name]!)
        .replace(/^deno\b/, `'${Deno.execPath()}'`);
      // The demo has servers of its own.
      return entry?.name === "demo"
        ? here
        : here.replaceAll(GUIDE_HOST, this.#host);
    });
    // A signal is for the program, not for its shell.
    return commands.length === 1
      ? `exec ${commands[0]} 2>&1`
      : `{ ${commands.join(" | ")}; } 2>&1`;
  }

  /** Where nothing of this scene listens, nothing at all listens. */
  #portFor(documented: number): number {
    const port = this.#ports.get(documented) ?? closedPort();
    this.#ports.set(documented, port);
    return port;
  }

  /** The same for lines that differ by time, place and luck only. */
  #normalize(line: string): string {
    for (const [documented, actual] of this.#ports) {
      line = line.replaceAll(number(actual), `${documented}`);
    }
    return line.replaceAll(this.#host, GUIDE_HOST)
      .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "(ISO 8601)")
      .replaceAll(/\w+day, \w+ \d+, \d{4} [\d:]+-UTC/g, "(RFC 867)")
      .replace(/^\d\d:\d\d:\d\d /, "(clock) ")
      .replace(/(?<=Connected in |"connectMs":)[\d.]+/, "(ms)")
      .replace(/ in \d+ ms \([\d.]+ \w+\/s\)/, " in (ms and rate)")
      .replaceAll(/(?<![\d.])\d+\.\d+(?![\d.])/g, "(decimal)")
      .replaceAll(/(?<!\d)\d{5}(?!\d)/g, "(port)")
      .replace(/\d+ open, \d{3,} closed/, "(some) open, (most) closed")
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

/** One of 127.0.0.0/8: to Linux all of them are this machine. */
function loopbackAddress(): string {
  const [a, b] = crypto.getRandomValues(new Uint8Array(2));
  return `127.${a}.${b}.1`;
}

/**
 * A port that nothing listens on, and that the system gives to nobody: not from
 * the range for port 0 and for outgoing connections.
 */
function closedPort(): number {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 10_000);
    try {
      Deno.listen({ hostname: "127.0.0.1", port }).close();
      return port;
    } catch (error) {
      if (!(error instanceof Deno.errors.AddrInUse)) throw error;
    }
  }
}

/** The ports that a command names, or means when it names none. */
function portsOf(entry: CatalogueEntry, args: string[]): number[] {
  const { port, ports = port } = parseCommand(entry, args) as {
    port?: number;
    ports?: number | number[];
  };
  const all = [ports ?? []].flat();
  return all.length < MANY_PORTS ? all : [];
}

/** `...` among the expected lines stands for any lines. */
function matches(actual: string[], expected: string[]): boolean {
  const [first, ...rest] = expected;
  if (first === undefined) return actual.length === 0;
  if (first !== "...") {
    return actual[0] === first && matches(actual.slice(1), rest);
  }
  return [...actual, ""].some((_, i) => matches(actual.slice(i), rest));
}

/** A number that is no part of another, or of an address. */
function number(value: number): RegExp {
  return new RegExp(String.raw`(?<![\d.])${value}(?![\d.])`, "g");
}

function numberIn(text: string, value: number): boolean {
  return number(value).test(text);
}
