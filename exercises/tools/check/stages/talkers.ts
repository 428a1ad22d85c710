import type { Peer } from "../peer.ts";
import type { ServerPlace } from "../server_process.ts";
import type { ServerUnderTest } from "../server_under_test.ts";
import { Failure } from "../stage.ts";
import type { Random } from "../subject.ts";

/** Who has been met in vain so often is not waited for any longer. */
const MAX_IN_VAIN = 3;

/** How often nobody heard a newcomer, one time after the other. */
const inVain = new WeakMap<ServerPlace, number>();

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

  /** Asks for a new name, and waits until that is done. @returns The name. */
  async renames(): Promise<string> {
    const name = this.random.word();
    await this.say(`/nick ${name}`);
    await this.listens();
    return name;
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

/**
 * Clients who come one after another, so many that all hear each other. Whether
 * a server says welcome or that somebody joined is its own affair: who comes
 * says something, until the others hear it.
 *
 * @throws {Failure} They do not.
 */
export async function meet(
  server: ServerUnderTest,
  count: number,
): Promise<Talker[]> {
  const talkers: Talker[] = [];
  while (talkers.length < count) await join(server, talkers);
  return talkers;
}

/** One more client comes; `talkers` hear it, and get it in their midst. */
export async function join(
  server: ServerUnderTest,
  talkers: Talker[],
): Promise<Talker> {
  const talker = new Talker(await server.connect(), server.random);
  const [first, ...others] = talkers;
  if (first) {
    const words = await heardBy(first, talker, server.place);
    for (const other of others) await other.hears(words);
  }
  talkers.push(talker);
  return talker;
}

/** Says something until it is heard: the listener may not be there yet. */
async function heardBy(
  listener: Talker,
  talker: Talker,
  place: ServerPlace,
): Promise<string> {
  const { answerMs, quietMs } = listener.peer.patience;
  const times = inVain.get(place) ?? 0;
  const waitMs = times < MAX_IN_VAIN ? answerMs : quietMs;
  const said: string[] = [];
  for (let waitedMs = 0;; waitedMs += quietMs) {
    said.push(await talker.say());
    try {
      const line = await listener.hears(said, quietMs);
      const words = said.find((words) => line.includes(words))!;
      talker.hasSaid(words, line);
      inVain.set(place, 0);
      return words;
    } catch (error) {
      const isOver = waitedMs + quietMs >= waitMs ||
        talker.peer.end !== "open" || listener.peer.end !== "open";
      if (!isOver) continue;
      inVain.set(place, times + 1);
      throw error instanceof Failure ? await whyEnded(talker, error) : error;
    }
  }
}

/** If it is the talker whose connection has ended, this tells more. */
async function whyEnded(talker: Talker, error: Failure): Promise<Failure> {
  await talker.peer.rest(talker.peer.patience.quietMs);
  const { end } = talker.peer;
  if (error.symptom !== "silent" || end === "open") return error;
  return talker.peer.failure(end === "fin" ? "ended" : "reset");
}

/** What a talker says must be heard by all `others`. */
export async function isHeard(
  talker: Talker,
  others: readonly Talker[],
): Promise<void> {
  const words = await talker.say();
  try {
    for (const other of others) {
      if (other !== talker) await other.hears(words);
    }
  } catch (error) {
    throw error instanceof Failure ? await whyEnded(talker, error) : error;
  }
}

/** All leave in order, so that the next stage finds nobody. */
export async function part(talkers: readonly Talker[]): Promise<void> {
  await Promise.all(talkers.map((talker) => talker.leave()));
}
