import type { ClientUnderTest } from "../client_under_test.ts";
import type { Signatures } from "../signatures.ts";
import type { Stages } from "../stage.ts";
import { readingBugs } from "./daytime_stages.ts";
import {
  type Answering,
  endsWell,
  mustObject,
  mustShow,
  readingStages,
} from "./reading_stages.ts";

const welcome: Answering = ({ random }) => {
  const word = random.word(6);
  return {
    text: `Welcome to ${word}, it is ${new Date().toISOString()}\r\n`,
    parts: [word],
  };
};

/** Exercise 6: a client that reads lines until the server ends. */
export const clientStages = {
  ...readingStages(welcome),
  "two-lines": {
    title: "It shows each of two lines that come together",
    points: 2,
    run: async (client) => {
      const [first, second] = [client.random.word(6), client.random.word(6)];
      const server = await client.meet();
      await server.send(`${first}\r\n${second}\r\n`);
      await server.finish();
      await endsWell(client);
      await mustShow(client, [first, second]);
    },
  },
  "cut-line": {
    title: "It does not take a line that FIN cuts off for a whole one",
    points: 1,
    run: async (client) => {
      const [whole, half] = [client.random.word(6), client.random.word(6)];
      const server = await client.meet();
      const got = `${whole}\r\n${half}`;
      await server.send(got);
      await server.finish();
      await mustObject(client, { got, cut: half }, welcome);
    },
  },
} satisfies Stages<ClientUnderTest>;

/** How the bugs of such a client show. */
export const clientBugs = {
  ...readingBugs,
  "one-read": {
    ...readingBugs["one-read"],
    shows: { "sliced": ["missing", "rejects"], "two-lines": ["missing"] },
    may: { "broken-off": ["accepts"], "cut-line": ["accepts"] },
  },
  "sends-unfinished": { fails: { "cut-line": ["accepts"] } },
} satisfies Signatures;
