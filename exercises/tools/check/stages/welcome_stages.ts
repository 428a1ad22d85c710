import { Failure, type Stages } from "../stage.ts";
import type { Signatures } from "../signatures.ts";
import type { ServerUnderTest } from "../server_under_test.ts";
import { greetingBugs, greetingStages, lineOf } from "./greeting_stages.ts";
import { listens, serverBugs, serverStages } from "./server_stages.ts";
import { isNow } from "./time_of_now.ts";

/** As many as come when a class starts its clients. */
const CLASS = 50;

/** Exercise 5: a server that welcomes with one line, and closes. */
export const welcomeStages = {
  listens,
  ...greetingStages("UTF-8"),
  "time-is-now": {
    title: "The line has the time of now in ISO 8601",
    points: 2,
    run: async (server) => {
      const line = await lineOf(await server.connect());
      const isIso = /\d{4}-\d\d-\d\dT\d\d:?\d\d/.test(line);
      if (!isIso || !isNow(line)) throw new Failure("wrong", null, line);
    },
  },
  "fifty-at-once": {
    title: "50 clients that are there at once are all served",
    points: 1,
    run: async (server) => {
      const clients = await server.connectMany(CLASS);
      await Promise.all(clients.map((client) => client.something()));
    },
  },
  ...serverStages((client) => client.something()),
} satisfies Stages<ServerUnderTest>;

/** How the bugs of such a server show. */
export const welcomeBugs = {
  ...serverBugs,
  ...greetingBugs,
  "one-client": {
    ...serverBugs["one-client"],
    may: { ...serverBugs["one-client"].may, "fifty-at-once": [] },
  },
} satisfies Signatures;
