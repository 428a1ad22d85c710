import type { Peer } from "../peer.ts";
import type { ServerUnderTest } from "../server_under_test.ts";
import type { Signature } from "../signatures.ts";
import { Failure, type Stage, type Stages } from "../stage.ts";
import type { Random } from "../subject.ts";
import { tlsStages } from "./tls_stages.ts";

/** Asks the server for something, and checks what comes. */
type Ask = (client: Peer, random: Random) => Promise<void>;

/** Of descriptors that a program may have, and of clients that come and go. */
export const FEW_DESCRIPTORS = 160;
export const MANY_CLIENTS = 300;
const LANES = 8;

/** It is started before the first stage; no more is asked of it here. */
export const listens = {
  title: "It listens where it is told",
  points: 1,
  run: (server) => server.requireStarted(),
} satisfies Stage<ServerUnderTest>;

/** Asks for much: the server writes while nobody reads. */
type AskForMuch = (client: Peer) => Promise<void>;

/** What every server must stand: its clients come, go and break off. */
export function serverStages(
  ask: Ask,
  askForMuch: AskForMuch = (client) => client.send("x\n".repeat(100_000)),
) {
  return {
    "next-client": {
      title: "A client is served after another has left",
      points: 1,
      run: async (server) => {
        const { random } = server;
        for (let i = 0; i < 3; i++) {
          using client = await server.connect();
          await ask(client, random);
        }
      },
    },
    "two-at-once": {
      title: "Two clients are served at once, the newest first",
      points: 2,
      run: async (server) => {
        const oldest = await server.connect();
        const newest = await server.connect();
        try {
          await ask(newest, server.random);
        } catch (error) {
          throw await whenOlderLeaves(error, oldest, newest);
        }
        await ask(oldest, server.random);
      },
    },
    "after-a-reset": {
      title: "It goes on after clients have broken off (RST)",
      points: 2,
      run: async (server) => {
        try {
          await breakOff(server, ask, askForMuch);
          await ask(await server.connect(), server.random);
        } catch (error) {
          throw await server.whyEnded(error);
        }
      },
    },
    "few-descriptors": {
      title: "It closes what it opened: 300 clients come and go",
      points: 1,
      run: async (server) => {
        await server.restartWithDescriptors(FEW_DESCRIPTORS);
        let left = MANY_CLIENTS;
        const lane = async () => {
          while (left-- > 0) {
            using client = await server.connect();
            await ask(client, server.random);
            await client.finish();
            // Else clients would come faster than they leave.
            await client.rest();
            if (client.end === "open") throw client.failure("open");
          }
        };
        await Promise.all(Array.from({ length: LANES }, lane));
      },
    },
    "restart": {
      title: "Ended and started again, it gets its port back",
      points: 1,
      run: async (server) => {
        await server.requireStarted();
        await ask(await server.connect(), server.random);
        await server.restart();
        await ask(await server.connect(), server.random);
      },
    },
    ...tlsStages,
  } satisfies Stages<ServerUnderTest>;
}

/** Clients that break off: at once, after an answer, and while it writes. */
async function breakOff(
  server: ServerUnderTest,
  ask: Ask,
  askForMuch: AskForMuch,
): Promise<void> {
  (await server.connect()).reset();
  const talking = await server.connect();
  await ask(talking, server.random);
  await talking.send("\n");
  talking.reset();
  const busy = await server.connect();
  // It writes to somebody who is gone: SIGPIPE, or an exception.
  const sending = askForMuch(busy);
  await busy.receive();
  busy.reset();
  await sending;
}

/** `late`: the newest was only answered when the older one had left. */
async function whenOlderLeaves(
  error: unknown,
  older: Peer,
  newest: Peer,
): Promise<unknown> {
  if (!(error instanceof Failure) || error.symptom !== "silent") return error;
  older.close();
  if (await newest.receive() !== null) return newest.failure("late");
  return newest.end === "open" ? error : newest.failure("reset");
}

/** How the bugs show that every server can have. */
export const serverBugs = {
  "dies-of-client": {
    fails: { "after-a-reset": ["died", "refused", "finished", "reset"] },
  },
  "one-client": {
    fails: { "two-at-once": ["late"] },
    may: { "after-a-reset": ["silent"] },
  },
  "serves-once": {
    fails: {
      "next-client": ["finished", "died", "refused", "reset"],
    },
    may: "any",
  },
  "leaks-descriptors": {
    fails: {
      "few-descriptors": [
        "silent",
        "refused",
        "died",
        "finished",
        "reset",
        "ended",
      ],
    },
  },
  "no-reuseaddr": { fails: { "restart": ["in-use"] } },
  "wrong-address": { fails: { "listens": ["elsewhere"] } },
} satisfies Record<string, Signature>;
