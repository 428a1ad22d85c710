import { formatDaytime } from "../../../../protocol/daytime.ts";
import type { ClientUnderTest } from "../client_under_test.ts";
import type { Signatures } from "../signatures.ts";
import type { Stages } from "../stage.ts";
import { endsWell, mustShow, readingStages } from "./reading_stages.ts";

/** RFC 867, from the client's side: it reads until the server ends. */
export const daytimeStages = {
  ...readingStages(() => {
    const now = new Date();
    return { text: `${formatDaytime(now)}\r\n`, parts: [clockOf(now)] };
  }),
  "empty-first-line": {
    title: "It shows an answer whose first line is empty, as NIST sends it",
    points: 1,
    run: async (client) => {
      const now = new Date();
      const server = await client.meet();
      await server.send(`\n${nistLine(now)}\n`);
      await server.finish();
      await endsWell(client);
      await mustShow(client, [clockOf(now)]);
    },
  },
} satisfies Stages<ClientUnderTest>;

/** `:17:43`: the same in every zone of whole hours. */
function clockOf(now: Date): string {
  return now.toISOString().slice(13, 19);
}

/** `61368 26-11-24 03:17:43 00 0 0 345.1 UTC(NIST) *` */
function nistLine(now: Date): string {
  const day = Math.floor(now.getTime() / 86_400_000) + 40_587;
  const [date = "", time = ""] = now.toISOString().slice(2).split(/[T.]/);
  return `${day} ${date} ${time} 00 0 0 345.1 UTC(NIST) *`;
}

/** How the bugs show that a client can have which reads until the end. */
export const readingBugs = {
  "one-read": {
    passes: ["whole-answer"],
    shows: {
      "sliced": ["missing", "rejects"],
      "empty-first-line": ["missing"],
    },
    may: { "broken-off": ["accepts"] },
  },
  "ignores-end": {
    fails: { "whole-answer": ["never-exits"] },
    may: Object.fromEntries(
      [
        "sliced",
        "two-lines",
        "empty-first-line",
        "cut-line",
        "broken-off",
        "escape-sequences",
        "silent-server",
        "endless-server",
      ].map((stage) => [stage, ["never-exits"] as const]),
    ),
  },
  "accepts-short": { fails: { "broken-off": ["accepts"] } },
  "no-clock": { fails: { "silent-server": ["never-exits"] } },
  "no-limit": { fails: { "endless-server": ["never-exits"] } },
  "trusts-peer-text": { fails: { "escape-sequences": ["escapes"] } },
  "unflushed": {
    fails: { "whole-answer": ["missing"], "sliced": ["missing"] },
    may: { "empty-first-line": ["missing"], "two-lines": ["missing"] },
    unsure: true,
  },
} satisfies Signatures;

/** How the bugs of a Daytime client show. */
export const daytimeBugs = readingBugs;
