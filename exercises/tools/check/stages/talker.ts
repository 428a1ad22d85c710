import type { Peer } from "../peer.ts";
import { Failure } from "../stage.ts";
import type { Random } from "../subject.ts";

/** What stands around what somebody says; numbers in it may be a time. */
interface Frame {
  before: string;
  after: string;
}

/** A client of a message server, as a stage plays it. */
export class Talker {
  /** What the server puts around its words, as others hear it. */
  #frame: Frame | null = null;

  constructor(readonly peer: Peer, readonly random: Random) {}

  /** Says `words`, some of its own if none are given. @returns What it said. */
  async say(words = this.random.word()): Promise<string> {
    await this.peer.send(`${words}\r\n`);
    return words;
  }

  /** The name under which others hear it; empty: they hear no name. */
  get name(): string {
    const isName = /^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu;
    return this.#frame?.before.replace(isName, "") ?? "";
  }

  /** The words before what it says that another's lines do not have. */
  namesBeside(other: Talker): string[] {
    const words = ({ name }: Talker): string[] =>
      name.match(/[\p{L}\p{N}_-]+/gu) ?? [];
    return words(this).filter((word) => !words(other).includes(word));
  }

  /**
   * The next line that has `words` in it, or one of them.
   *
   * @param skipped Gets the lines before it.
   * @throws {Failure} None came.
   */
  async hears(
    words: string | readonly string[],
    withinMs = this.peer.patience.answerMs,
    skipped: string[] = [],
  ): Promise<string> {
    for (;;) {
      const line = await this.peer.line(withinMs);
      if ([words].flat().some((word) => line.includes(word))) return line;
      skipped.push(line);
    }
  }

  /**
   * What comes to it, and to nobody else, after it has sent `command`.
   *
   * @param skipped Gets what `other` hears before it hears us go on.
   * @throws {Failure} `unanswered`: nothing came.
   */
  async asks(
    command: string,
    other: Talker,
    skipped: string[] = [],
  ): Promise<string[]> {
    await this.listens();
    await this.say(command);
    const answer = await this.listens();
    await other.hears(await this.say(), undefined, skipped);
    if (answer.length === 0) answer.push(...await this.listens());
    if (answer.length === 0) throw new Failure("unanswered", null, command);
    return answer;
  }

  /** Asks for a new name, and waits until that is done. @returns The name. */
  async renames(): Promise<string> {
    const name = this.random.word();
    await this.say(`/nick ${name}`);
    await this.listens();
    return name;
  }

  /** Whether it hears what `other` says. */
  async stillHears(other: Talker): Promise<boolean> {
    const words = await other.say();
    return (await this.listens()).some((line) => line.includes(words));
  }

  /** All lines that come until it is quiet. */
  async listens(): Promise<string[]> {
    const bytes = await this.peer.rest(this.peer.patience.quietMs);
    const text = new TextDecoder().decode(bytes);
    return text.split(/\r?\n/).filter((line) => line !== "");
  }

  /** Whether others hear just `words` in `line`, in the way that they know. */
  hasSaid(words: string, line: string): boolean {
    const frame = frameOf(words, line);
    if (frame === null) return false;
    const known = this.#frame ??= frame;
    return shape(frame.before) === shape(known.before) &&
      shape(frame.after) === shape(known.after);
  }

  /** Leaves in order: FIN, reads the rest, and only then closes. */
  async leave(): Promise<void> {
    await this.peer.finish();
    // What is unread when it closes would make it an RST.
    await this.peer.rest(this.peer.patience.quietMs);
    this.peer.close();
  }
}

function frameOf(words: string, line: string): Frame | null {
  const at = line.indexOf(words);
  if (at < 0) return null;
  return { before: line.slice(0, at), after: line.slice(at + words.length) };
}

function shape(text: string): string {
  return text.replace(/\d+/g, "0").trim();
}
