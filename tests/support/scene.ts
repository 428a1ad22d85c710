import { assert, assertEquals } from "@std/assert";
import { type Block, type Typed, typedLines } from "./guide.ts";
import { Program } from "./program.ts";
import { StandIns } from "./stand_ins.ts";

/** A program asks, and somebody types; or nothing: that is Ctrl-D. */
const PROMPT = /^\w*>(?: (.+))?$/;

/** A chapter of the guide as it is played: its terminals. */
export class Scene implements AsyncDisposable {
  readonly #standIns = new StandIns();
  readonly #running = new Map<string, Program>();
  readonly #exitCodes = new Map<string, number>();

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

  /** `goesOn`: a later block has more of it, so it is not at its end here. */
  async #run(terminal: string, typed: Typed, goesOn: boolean): Promise<void> {
    const { line, printed } = typed;
    if (line === "echo $?") {
      return assertEquals(printed, [`${this.#exitCodes.get(terminal)}`]);
    }
    const isServer = printed[0]?.startsWith("Listening on ") === true;
    const program = new Program(
      this.#standIns.translate(typed, isServer),
      isServer,
    );
    this.#running.set(terminal, program);
    if (isServer) {
      const first = await program.readLine() ?? "(the end)";
      this.#standIns.noteServer(printed[0]!, first);
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
    this.#running.delete(terminal);
    this.#exitCodes.set(terminal, code);
    if (program.isServer) return;
    const [actual, expected] = [lines, printed].map((lines) =>
      lines.map((line) => this.#standIns.normalize(line))
    ) as [string[], string[]];
    // A scan lists ports in order, and ours are other ones.
    if (/task scan /.test(line) && !expected.includes("...")) {
      actual.sort();
      expected.sort();
    }
    if (!matches(actual, expected)) assertEquals(actual, expected, line);
  }

  /** Types and reads, line by line. */
  async #follow(terminal: string, lines: readonly string[]): Promise<void> {
    const shown = lines.includes("...") ? null : new Set(lines.map(eventOf));
    for (const line of lines) {
      const program = this.#running.get(terminal);
      assert(program, `Nothing runs in ${terminal} to print ${line}`);
      const [prompt, text] = PROMPT.exec(line) ?? [];
      if (line === "...") continue;
      if (line === "^C") program.kill("SIGINT");
      else if (prompt === undefined) await this.#expect(program, line, shown);
      else if (text === undefined) await program.endInput();
      else await program.type(text);
    }
  }

  /**
   * A server's log may have more lines than the guide shows, of the events that
   * are `shown` there; null: of any.
   */
  async #expect(
    program: Program,
    line: string,
    shown: ReadonlySet<string> | null,
  ): Promise<void> {
    const expected = this.#standIns.normalize(line);
    const others: string[] = [];
    for (;;) {
      const actual = await program.readLine();
      const normal = this.#standIns.normalize(actual ?? "(the end)");
      if (normal === expected) return;
      others.push(normal);
      const expectedHere = shown?.has(eventOf(normal)) ?? true;
      if (actual === null || !program.isServer || !expectedHere) {
        assertEquals(others, [expected]);
      }
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const program of this.#running.values()) {
      program.kill("SIGTERM");
      await program.end();
    }
    this.#standIns[Symbol.dispose]();
  }
}

/** `rename` of a server's log: `07:16:40 rename 127.0.0.1:36938 name=ana`. */
function eventOf(line: string): string {
  return line.split(" ")[1] ?? "";
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
