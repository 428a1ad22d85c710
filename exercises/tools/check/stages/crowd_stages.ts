import type { ServerUnderTest } from "../server_under_test.ts";
import { Failure, type Stages } from "../stage.ts";
import {
  FEW_DESCRIPTORS,
  MANY_CLIENTS,
  serverStages,
} from "./server_stages.ts";
import { isHeard, join, meet, part } from "./meeting.ts";
import type { Talker } from "./talker.ts";

/** All of them together are more than the buffers between two programs hold. */
const LONG = "x".repeat(4000);
const LONG_TALKERS = 5;
const LONG_LINES = 10;
const LONG_ROUNDS = 32;

const SHORT_LINES = 200;
const SHORT_TALKERS = 6;

/** Of those who come and go, so many leave at once: some servers need time. */
const TOGETHER = 8;

const { "next-client": next, "after-a-reset": reset, restart, ...shared } =
  serverStages(() => Promise.resolve());
const few = shared["few-descriptors"];

/** What many clients do to a message server, at once and one after another. */
export const crowdStages = {
  "slow-reader": {
    title: "One who never reads holds up nobody",
    points: 2,
    run: async (server) => {
      const all = await meet(server, 2 + LONG_TALKERS);
      const [sleeper, listener, ...talkers] = all as [
        Talker,
        Talker,
        ...Talker[],
      ];
      for (const talker of talkers) void ignore(talker);
      for (let round = 0; round < LONG_ROUNDS; round++) {
        // No more at once than what a server may let wait for a client.
        const ends = talkers.map((talker) => {
          const end = talker.random.word(8);
          talk(talker, [...linesOf(talker, LONG_LINES, LONG), end]);
          return end;
        });
        await hearsTheEnds(listener, sleeper, ends);
      }
      // What still waits for the sleeper is no concern of others.
      server.isSpoiled = true;
    },
  },
  "many-talkers": {
    title: "When many talk at once, no line stands inside another",
    points: 2,
    run: async (server) => {
      const all = await meet(server, 1 + SHORT_TALKERS);
      const [listener, ...talkers] = all as [Talker, ...Talker[]];
      const said = new Map(
        talkers.map((talker) => [talker, linesOf(talker, SHORT_LINES)]),
      );
      for (const [talker, lines] of said) {
        talk(talker, lines);
        void ignore(talker);
      }
      await hearsAll(listener, said);
      await part(all);
    },
  },
  "next-client": {
    ...next,
    run: async (server) => {
      const [witness] = await meet(server, 1) as [Talker];
      for (let i = 0; i < 3; i++) {
        await (await join(server, [witness])).leave();
      }
      await witness.leave();
    },
  },
  "after-a-reset": {
    ...reset,
    run: async (server) => {
      const all = await meet(server, 4);
      const [older, witness, talker, newer] = all as [
        Talker,
        Talker,
        Talker,
        Talker,
      ];
      (await server.connect()).reset();
      // When it goes on, it has lines for somebody who is gone: SIGPIPE.
      await server.whileStopped(async () => {
        await talker.say(`${server.random.word()}\r\n`.repeat(5));
        for (const victim of [older, newer]) victim.peer.reset();
      });
      const staying = [witness, talker];
      await stillHear(server, staying);
      await join(server, staying);
      await part(staying);
    },
  },
  "few-descriptors": {
    ...few,
    run: async (server) => {
      await server.restartWithDescriptors(FEW_DESCRIPTORS);
      const [witness] = await meet(server, 1) as [Talker];
      for (let i = 0; i < MANY_CLIENTS; i += TOGETHER) {
        const clients: Talker[] = [];
        while (clients.length < TOGETHER) {
          clients.push(await join(server, [witness]));
        }
        await part(clients);
      }
    },
  },
  "restart": {
    ...restart,
    run: async (server) => {
      await meet(server, 2);
      await server.restart();
      await part(await meet(server, 2));
    },
  },
} satisfies Stages<ServerUnderTest>;

/**
 * Those who have stayed hear each other.
 *
 * @throws {Failure} `missing`: they do not, and the program lives.
 */
async function stillHear(
  server: ServerUnderTest,
  talkers: readonly Talker[],
): Promise<void> {
  try {
    for (const talker of talkers) await isHeard(talker, talkers);
  } catch (error) {
    const why = await server.whyEnded(error);
    if (why !== error || !(why instanceof Failure)) throw why;
    throw new Failure("missing", why.evidence);
  }
}

/** So many lines to say, each with its number. */
function linesOf(talker: Talker, count: number, filling = ""): string[] {
  const word = talker.random.word();
  return Array.from(
    { length: count },
    (_, n) => `${word} ${n} ${filling || talker.random.word(8)}`,
  );
}

/** Says all of them, in one go. */
function talk({ peer }: Talker, lines: readonly string[]): void {
  void peer.send(lines.map((line) => `${line}\r\n`).join(""));
}

/** Throws away what it hears. */
async function ignore({ peer }: Talker): Promise<void> {
  const aMinuteMs = 60_000;
  while (await peer.receive(aMinuteMs) !== null);
}

/**
 * The listener hears what each of the talkers says last.
 *
 * @throws {Failure} `late`: only when the sleeper reads, too.
 */
async function hearsTheEnds(
  listener: Talker,
  sleeper: Talker,
  ends: readonly string[],
): Promise<void> {
  const awaited = new Set(ends);
  const decoder = new TextDecoder();
  for (let text = ""; awaited.size > 0;) {
    const chunk = await listener.peer.receive();
    if (chunk === null) break;
    text = text.slice(-ends[0]!.length) +
      decoder.decode(chunk, { stream: true });
    for (const end of awaited) if (text.includes(end)) awaited.delete(end);
  }
  if (awaited.size === 0) return;
  void ignore(sleeper);
  const { answerMs } = listener.peer.patience;
  const goesOn = await listener.peer.receive(answerMs / 2) !== null;
  throw listener.peer.failure(goesOn ? "late" : "missing");
}

/**
 * The listener hears all of the lines, each as one; those of a talker in order.
 *
 * @throws {Failure} `mixed`: other bytes stand inside one.
 */
async function hearsAll(
  listener: Talker,
  said: ReadonlyMap<Talker, string[]>,
): Promise<void> {
  const left = new Map(
    [...said].map(([talker, lines]) => [talker, [...lines]]),
  );
  const words = [...said.values()].map(([first]) => first!.split(" ")[0]!);
  for (let count = [...left.values()].flat().length; count > 0; count--) {
    const line = await listener.hears(words).catch(missing);
    const isWhole = [...left].some(([talker, lines]) => {
      const isNext = talker.hasSaid(lines[0] ?? "\n", line);
      if (isNext) lines.shift();
      return isNext;
    });
    if (isWhole) continue;
    const isOther = [...said].some(([talker, lines]) =>
      lines.some((other) => talker.hasSaid(other, line))
    );
    throw new Failure(isOther ? "wrong" : "mixed", null, line);
  }
}

function missing(error: unknown): never {
  const isSilent = error instanceof Failure && error.symptom === "silent";
  throw isSilent ? new Failure("missing", error.evidence) : error;
}
