import { CHAT_LOGIN } from "../../../../protocol/login_lines.ts";
import type { ServerUnderTest } from "../server_under_test.ts";
import { Failure, type Stages } from "../stage.ts";
import { authStages } from "./auth_stages.ts";
import { commandStages } from "./command_stages.ts";
import { crowdStages } from "./crowd_stages.ts";
import { leaveStages } from "./leave_stages.ts";
import { listens } from "./server_stages.ts";
import { isHeard, meet, meetFirst, part } from "./meeting.ts";
import type { Talker } from "./talker.ts";

/** Exercise 7: what one client says, all the others hear. */
export const msgserverStages = tellingDeaths(
  {
    listens,
    "relays": {
      title: "What one client says, another hears, as one line",
      points: 2,
      run: async (server) => {
        await part(await meetFirst(server));
      },
    },
    "second-line": {
      title: "A second line on the same connection is heard, too",
      points: 1,
      run: async (server) => {
        const talkers = await meet(server, 2);
        await isHeard(talkers[1]!, talkers);
        await isHeard(talkers[0]!, talkers);
        await part(talkers);
      },
    },
    "not-to-itself": {
      title: "Who says something does not get it back",
      points: 2,
      run: async (server) => {
        const talkers = await meet(server, 2);
        const [older, newer] = talkers as [Talker, Talker];
        const own = await newer.say();
        await older.hears(own);
        const skipped: string[] = [];
        await newer.hears(await older.say(), undefined, skipped);
        skipped.push(...await newer.listens());
        const back = skipped.find((line) => line.includes(own));
        if (back !== undefined) throw new Failure("extra", null, back);
        await part(talkers);
      },
    },
    "cut-line": {
      title: "A line that comes in pieces is heard as one",
      points: 2,
      run: async (server) => {
        const talkers = await meet(server, 2);
        const [older, newer] = talkers as [Talker, Talker];
        const [begin, end] = [server.random.word(), server.random.word()];
        const sending = newer.peer.sendApart([begin, end, "\r", "\n"]);
        await hearsJust(older, newer, begin + end, begin);
        await sending;
        await part(talkers);
      },
    },
    "glued-lines": {
      title: "Three lines in one write are heard as three",
      points: 2,
      run: async (server) => {
        const talkers = await meet(server, 2);
        const [older, newer] = talkers as [Talker, Talker];
        const lines = [1, 2, 3].map(() => server.random.word());
        await newer.say(lines.join("\r\n"));
        for (const [i, line] of lines.entries()) {
          try {
            await hearsJust(older, newer, line);
          } catch (error) {
            const isLost = i > 0 && error instanceof Failure &&
              error.symptom === "silent";
            throw isLost ? new Failure("missing", error.evidence) : error;
          }
        }
        await part(talkers);
      },
    },
    ...commandStages,
    ...leaveStages,
    ...crowdStages,
    ...authStages({
      words: CHAT_LOGIN,
      probe: "hello\r\n/quit\r\n",
      answer: /^! AUTH_REQUIRED\b/,
    }),
  } satisfies Stages<ServerUnderTest>,
);

/**
 * The listener hears just `words` in a line, and the part `begin` of them not
 * before.
 *
 * @throws {Failure} `changed`: there is more in it, or less.
 */
async function hearsJust(
  listener: Talker,
  talker: Talker,
  words: string,
  begin = words,
): Promise<void> {
  const line = await listener.hears(begin);
  if (!talker.hasSaid(words, line)) throw new Failure("changed", null, line);
}

/** The same stages; where a connection ended since the program did, they say so. */
function tellingDeaths<T extends Stages<ServerUnderTest>>(stages: T): T {
  const telling = Object.entries(stages).map(([name, stage]) => {
    const run = (server: ServerUnderTest) =>
      stage.run(server).catch(async (error) => {
        throw await server.whyEnded(error);
      });
    return [name, { ...stage, run }];
  });
  return Object.fromEntries(telling);
}
