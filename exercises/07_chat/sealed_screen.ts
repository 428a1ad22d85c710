import { parseClientLine } from "../../protocol/messages.ts";
import { roomKey, Seal } from "../../protocol/sealed.ts";
import {
  counted,
  quote,
  visibleLineEnds,
  withoutControls,
} from "../../protocol/text.ts";
import { ExerciseError } from "../cli/outcome.ts";
import { askSecret } from "../terminal/secret.ts";
import { printAside } from "../terminal/stderr.ts";
import type { Screen } from "./screen.ts";

export interface SealOptions {
  "passphrase-file"?: string | undefined;
  room?: string | undefined;
}

const DEFAULT_ROOM = "lobby";

/** `screen` for those who know the pass phrase, which is asked for if need be. */
export async function openSealed(
  screen: Screen,
  { room = DEFAULT_ROOM, "passphrase-file": file }: SealOptions,
  signal: AbortSignal,
): Promise<Screen> {
  const passphrase = file === undefined
    ? await askSecret("Pass phrase: ", "use --passphrase-file", signal)
    : (await Deno.readTextFile(file)).replace(/\r?\n$/, "");
  if (passphrase === "") throw new ExerciseError("The pass phrase is empty");
  return new SealedScreen(screen, new Seal(await roomKey(passphrase, room)));
}

/**
 * Seals what is typed and opens what comes. The first character of what it
 * shows tells: `#` was sealed, `*` and `!` are the server's own, and `?` is a
 * doubt. No peer can choose it, and rows but the first of a line are indented.
 */
export class SealedScreen implements Screen {
  readonly #screen: Screen;
  readonly #seal: Seal;
  readonly #tell: (text: string) => void;
  /** Under which name each session speaks. */
  readonly #names = new Map<string, string>();
  #doubtful = false;

  constructor(screen: Screen, seal: Seal, tell = printAside) {
    this.#screen = screen;
    this.#seal = seal;
    this.#tell = tell;
  }

  get interruption(): AbortSignal {
    return this.#screen.interruption;
  }

  async *lines(signal: AbortSignal): AsyncGenerator<string> {
    for await (const typed of this.#screen.lines(signal)) {
      const line = await this.#toSend(typed);
      if (line !== null) yield line;
    }
  }

  async show(line: string): Promise<void> {
    for (const shown of await this.#toShow(line)) {
      this.#doubtful ||= shown.startsWith("?");
      await this.#screen.show(shown);
    }
  }

  end(): void {
    if (this.#screen.end === undefined) return; // Somebody has seen it.
    this.#screen.end();
    if (!this.#doubtful) return;
    throw new ExerciseError(
      "Not all was sealed, sent and opened: the lines that begin with ? say what",
    );
  }

  /** Null: nothing. What the server would refuse it need not read. */
  async #toSend(typed: string): Promise<string | null> {
    const { type } = parseClientLine(typed);
    switch (type) {
      case "list":
      case "nick":
      case "quit":
        return typed;
      case "empty":
        return null;
      case "say":
        try {
          return await this.#seal.seal(withoutControls(typed));
        } catch (error) {
          if (!(error instanceof RangeError)) throw error;
          return this.#refuse(error.message);
        }
      case "unknown":
        return this.#refuse(`Unknown command ${quote(typed)}`);
      default:
        return this.#refuse("It is no text in UTF-8");
    }
  }

  #refuse(why: string): null {
    this.#doubtful = true;
    this.#tell(`? Not sent: ${why}`);
    return null;
  }

  async #toShow(line: string): Promise<string[]> {
    if (/^[*!] /.test(line)) {
      this.#noteRename(line);
      return [line];
    }
    const [, name = "", said = ""] = /^<([^<>\s]+)> ([^]*)$/.exec(line) ?? [];
    const heard = await this.#seal.open(said);
    switch (heard.type) {
      case "opened":
        return [
          ...this.#doubts(name, heard),
          `# <${name}> ${visibleLineEnds(heard.text)}`,
        ];
      case "replayed":
        return [`? Replayed: ${name} repeats a sealed line, or it comes late`];
      case "wrong-key":
        return [
          `? Not opened: ${name} has another pass phrase or room, or the line ` +
          "was altered on the way",
        ];
      case "damaged":
        return [`? Damaged: a sealed line of ${name} is not whole`];
      case "not-sealed":
        return [`? Not sealed: ${line}`];
      default:
        return heard satisfies never;
    }
  }

  *#doubts(
    name: string,
    { session, missing }: { session: string; missing: number },
  ): Generator<string> {
    const before = this.#names.get(session) ?? name;
    this.#names.set(session, name);
    if (missing > 0) {
      yield `? Missing: ${counted(missing, "sealed line")} of ${name}`;
    }
    // The name is the server's word: the seal does not cover it.
    if (name !== before) {
      yield `? Renamed: ${name} was ${before}, which the server has not told`;
    }
  }

  #noteRename(line: string): void {
    const [, from, to = ""] = /^\* (\S+) is now (\S+)$/.exec(line) ?? [];
    for (const [session, name] of this.#names) {
      if (name === from) this.#names.set(session, to);
    }
  }
}
