import type { ServerUnderTest } from "../server_under_test.ts";
import { Failure, type Stages } from "../stage.ts";
import { isHeard, meet, part } from "./meeting.ts";
import type { Talker } from "./talker.ts";

/** What becomes of a message server's clients when one of them leaves. */
export const leaveStages = {
  "ends-with-us": {
    title: "It ends its side (FIN) after we have ended ours",
    points: 2,
    run: async (server) => {
      const client = await server.connect();
      await client.finish();
      await client.rest();
      if (client.end === "open") throw client.failure("open");
      if (client.end === "rst") throw client.failure("reset");
    },
  },
  "leave-by-end": {
    title: "That somebody left by ending (FIN) is told once",
    points: 2,
    run: (server) => isToldOnce(server, (leaver) => leaver.leave()),
  },
  "leave-by-reset": {
    title: "That somebody left by breaking off (RST) is told once",
    points: 2,
    run: (server) => isToldOnce(server, (leaver) => leaver.peer.reset()),
  },
  "leave-by-quit": {
    title: "That somebody left by /quit is told once",
    points: 2,
    run: (server) =>
      isToldOnce(server, async (leaver) => {
        await leaver.say("/quit");
        await leaver.listens();
        await leaver.leave();
      }),
  },
  "after-leavers": {
    title: "After some have left, all who stay hear each other",
    points: 2,
    run: async (server) => {
      const all = await meet(server, 5);
      const [, second, , fourth] = all as [Talker, Talker, Talker, Talker];
      const staying = all.filter((talker) => talker !== second);
      await isToldToAll(staying, second, () => second.leave());
      for (const talker of staying) await isHeard(talker, staying);
      const last = staying.filter((talker) => talker !== fourth);
      await isToldToAll(last, fourth, () => fourth.peer.reset());
      for (const talker of last) await isHeard(talker, last);
      await part(last);
    },
  },
  "unfinished-line": {
    title: "A line that is unfinished at the end is not passed on",
    points: 2,
    run: async (server) => {
      const all = await meet(server, 3);
      const [first, second, leaver] = all as [Talker, Talker, Talker];
      const words = server.random.word();
      await leaver.peer.send(words);
      await leaver.leave();
      const skipped: string[] = [];
      await first.hears(await second.say(), undefined, skipped);
      // It may be slow to see the end.
      skipped.push(...await first.listens());
      const passedOn = skipped.find((line) => line.includes(words));
      if (passedOn !== undefined) throw new Failure("extra", null, passedOn);
      await part([first, second]);
    },
  },
} satisfies Stages<ServerUnderTest>;

/** Some line, in whatever words, must tell that somebody has left, and no two. */
async function isToldOnce(
  server: ServerUnderTest,
  leave: (leaver: Talker) => void | Promise<void>,
): Promise<void> {
  const [witness, leaver] = await meet(server, 2) as [Talker, Talker];
  await isHeard(leaver, [witness]);
  await witness.listens();
  await leave(leaver);
  const isTold = (line: string) => !leaver.hasSaid("/quit", line);
  const told = await news(witness, isTold);
  if (told === null) throw witness.peer.failure("missing");
  const lines = [told, ...(await witness.listens()).filter(isTold)];
  // Other words about other things may follow: how many are left.
  const naming = lines.filter((line) => names(line, leaver));
  const inWords = lines.filter((line) => /\p{L}/u.test(line));
  if (naming.length > 1 || new Set(inWords).size < inWords.length) {
    throw new Failure("twice", null, lines.join("\n"));
  }
  await witness.leave();
}

/** Whether the line names the talker: `guest-1`, not `guest-12`. */
function names(line: string, { name }: Talker): boolean {
  if (name === "") return false;
  const at = ` ${line} `.split(name);
  return at.some((before, i) =>
    i + 1 < at.length && /[^\p{L}\p{N}]$/u.test(before) &&
    /^[^\p{L}\p{N}]/u.test(at[i + 1]!)
  );
}

/**
 * What is told of a leave reaches all, or none: that it is told at all is not
 * asked here.
 */
async function isToldToAll(
  talkers: readonly Talker[],
  leaver: Talker,
  leave: () => void | Promise<void>,
): Promise<void> {
  await isHeard(leaver, talkers);
  for (const talker of talkers) await talker.listens();
  await leave();
  const told = await Promise.all(talkers.map((talker) => news(talker)));
  const deaf = told.indexOf(null);
  if (deaf >= 0 && told.some((line) => line !== null)) {
    throw talkers[deaf]!.peer.failure("missing");
  }
}

/** The next line that is one of the server's own; null: none comes. */
async function news(
  talker: Talker,
  isOwn = (_line: string) => true,
): Promise<string | null> {
  try {
    for (;;) {
      const line = await talker.peer.line();
      if (isOwn(line)) return line;
    }
  } catch (error) {
    if (error instanceof Failure && error.symptom === "silent") return null;
    throw error;
  }
}
