import { Failure, type Stages } from "../stage.ts";
import type { Signatures } from "../signatures.ts";
import type { ServerUnderTest } from "../server_under_test.ts";
import { greetingBugs, greetingStages, lineOf } from "./greeting_stages.ts";
import { listens, serverBugs, serverStages } from "./server_stages.ts";
import { isNow } from "./time_of_now.ts";

/** RFC 867: the server sends the time as one line of ASCII, and closes. */
export const daytimeserverStages = {
  listens,
  ...greetingStages("ASCII"),
  "time-is-now": {
    title: "The line names the day and the time of now, in any form",
    points: 2,
    run: async (server) => {
      const line = await lineOf(await server.connect());
      if (!isNow(line)) throw new Failure("wrong", null, line);
    },
  },
  ...serverStages((client) => client.something()),
} satisfies Stages<ServerUnderTest>;

/** How the bugs of a Daytime server show. */
export const daytimeserverBugs = {
  ...serverBugs,
  ...greetingBugs,
} satisfies Signatures;
