import { delay } from "@std/async/delay";
import { type ClientUnderTest, OWN_CLOCK_MS } from "../client_under_test.ts";
import { Failure, type Stages, type Symptom } from "../stage.ts";
import { openAmong, type Range, silentPort } from "./port_range.ts";
import { portsNamed } from "./ports_named.ts";
import { saysWrong } from "./shown.ts";

/** More than a program may have descriptors, and than it can wait for. */
const MANY_PORTS = 3000;
/** What most systems give to a program. */
const MAX_DESCRIPTORS = 1024;

/** Exercise 1: which ports of a host are open. */
export const scanStages = {
  "one-open": {
    title: "It names the one open port of 20",
    points: 2,
    run: async (client) => {
      using range = openAmong(client, 20, [7]);
      await mustFind(client, range);
    },
  },
  "first-and-last": {
    title: "It tries the first and the last port of the range, too",
    points: 2,
    run: async (client) => {
      // With one between them: `1, 20` could be the range.
      using range = openAmong(client, 20, [0, 9, 19]);
      await mustFind(client, range);
    },
  },
  "none-open": {
    title: "It names no port where none is open",
    points: 1,
    run: async (client) => {
      using range = openAmong(client, 20, []);
      await mustFind(client, range);
    },
  },
  "many-open": {
    title: "It names all of 12 open ports",
    points: 1,
    run: async (client) => {
      const open = Array.from({ length: 12 }, (_, i) => 3 * i);
      using range = openAmong(client, 40, open);
      await mustFind(client, range);
    },
  },
  "silent-port": {
    title: "A port that does not answer does not hold it up, and is not open",
    points: 2,
    slow: true,
    run: async (client) => {
      using range = openAmong(client, 12, [9]);
      using _ = await silentPort(client, range, 4);
      await mustFind(client, range);
    },
  },
  "many-closed": {
    title:
      "3,000 closed ports take it neither too long nor too many descriptors",
    points: 1,
    run: async (client) => {
      using range = openAmong(client, MANY_PORTS, [20, MANY_PORTS - 2]);
      try {
        return await mustFind(client, range, MAX_DESCRIPTORS);
      } catch (error) {
        const isWrong = error instanceof Failure &&
          error.symptom !== "never-exits";
        if (!isWrong) throw error;
        await mustFind(client, range);
      }
      throw new Failure("exhausted");
    },
  },
} satisfies Stages<ClientUnderTest>;

/**
 * @throws {Failure} `missing`: an open port is not named; `silent`: it has found
 * them, and says nothing at all; `wrong`: another one is named; `short`: of many
 * the last ones are missing; `died`; `never-exits`.
 */
async function mustFind(
  client: ClientUnderTest,
  range: Range,
  maxDescriptors?: number,
): Promise<void> {
  const { host, first, last, open, met } = range;
  const program = await client.launch(
    { host, first, last, ports: `${first}-${last}` },
    maxDescriptors,
  );
  const { success } = await client.exit(OWN_CLOCK_MS);
  const named = portsNamed(program.shown, first, last);
  const missing = open.filter((port) => !named.has(port));
  // It may say from where to where it looks.
  const extra = [...named].filter((port) =>
    !open.includes(port) && port !== first && port !== last
  );
  const failure = (symptom: Symptom, ports: number[]) =>
    new Failure(symptom, null, ports.slice(0, 8).join(", "));
  if (extra.length > 0) throw failure("wrong", extra);
  if (missing.length === 0) return;
  if (last - first > MAX_DESCRIPTORS && missing.length < open.length) {
    throw failure("short", missing);
  }
  // An exit code alone can say that nothing is open.
  if (!success && saysWrong(program.output)) {
    throw new Failure("died", null, client.ending());
  }
  // What it has connected to may be accepted only now.
  await delay(client.attempt.patience.quietMs);
  const isSilent = program.output.trim() === "" &&
    missing.every((port) => met.has(port));
  throw failure(isSilent ? "silent" : "missing", missing);
}
