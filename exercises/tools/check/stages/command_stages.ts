import type { ServerUnderTest } from "../server_under_test.ts";
import { Failure, type Stages } from "../stage.ts";
import { meet, part } from "./meeting.ts";
import type { Talker } from "./talker.ts";

/** What a client of a message server can ask for, in words that begin with `/`. */
export const commandStages = {
  "list": {
    title: "/list names those who are there",
    points: 1,
    run: async (server) => {
      const [older, newer] = await meet(server, 2) as [Talker, Talker];
      const words = await older.say();
      older.hasSaid(words, await newer.hears(words));
      const answer = (await older.asks("/list", newer)).join("\n");
      const isNamed = (talker: Talker, beside: Talker) => {
        const names = talker.namesBeside(beside);
        return names.length === 0 ||
          names.some((name) => answer.includes(name));
      };
      if (!isNamed(older, newer) || !isNamed(newer, older)) {
        throw new Failure("wrong", null, answer);
      }
      await part([older, newer]);
    },
  },
  "nick": {
    title: "After /nick, others hear the new name",
    points: 1,
    run: async (server) => {
      const [older, newer] = await meet(server, 2) as [Talker, Talker];
      const name = await newer.renames();
      const line = await older.hears(await newer.say());
      if (!line.includes(name)) throw new Failure("wrong", null, line);
      await part([older, newer]);
    },
  },
  "taken-name": {
    title: "A name that is taken is refused",
    points: 1,
    run: async (server) => {
      const [older, newer] = await meet(server, 2) as [Talker, Talker];
      const name = await older.renames();
      await newer.asks(`/nick ${name}`, older);
      const line = await older.hears(await newer.say());
      if (line.includes(name)) throw new Failure("twice", null, line);
      await part([older, newer]);
    },
  },
  "unknown-command": {
    title: "An unknown command is refused, and not passed on",
    points: 1,
    run: async (server) => {
      const [older, newer] = await meet(server, 2) as [Talker, Talker];
      const command = `/${server.random.word()}`;
      const skipped: string[] = [];
      await newer.asks(command, older, skipped);
      const passedOn = skipped.find((line) => line.includes(command));
      if (passedOn !== undefined) throw new Failure("extra", null, passedOn);
      await part([older, newer]);
    },
  },
  "quit": {
    title: "After /quit it ends the connection (FIN)",
    points: 1,
    run: async (server) => {
      const [older, newer] = await meet(server, 2) as [Talker, Talker];
      const { peer } = newer;
      await newer.say("/quit");
      await newer.listens();
      if (peer.end === "open" && await older.stillHears(newer)) {
        throw peer.failure("unanswered");
      }
      await peer.rest();
      if (peer.end === "open") throw peer.failure("open");
      if (peer.end === "rst") throw peer.failure("reset");
      await older.leave();
    },
  },
} satisfies Stages<ServerUnderTest>;
