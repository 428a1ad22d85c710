import type { ServerPlace } from "../server_process.ts";
import type { ServerUnderTest } from "../server_under_test.ts";
import { Failure } from "../stage.ts";
import { Talker } from "./talker.ts";

/** Long enough to see what has come already, in ms. */
const LOOK_MS = 20;

/** More than a program's own buffer holds. */
const MANY_LINES = 4000;

/** Where nobody hears anybody, as the first stage has found: no need to wait. */
const mute = new WeakSet<ServerPlace>();

/**
 * Clients who come one after another, so many that all hear each other. Whether
 * a server says welcome or that somebody joined is its own affair: who comes
 * says something, until the others hear it.
 *
 * @throws {Failure} They do not.
 */
export async function meet(
  server: ServerUnderTest,
  count: number,
): Promise<Talker[]> {
  const talkers: Talker[] = [];
  while (talkers.length < count) await join(server, talkers);
  return talkers;
}

/** One more client comes; `talkers` hear it, and get it in their midst. */
export async function join(
  server: ServerUnderTest,
  talkers: Talker[],
): Promise<Talker> {
  const talker = new Talker(await server.connect(), server.random);
  const { answerMs, quietMs } = server.attempt.patience;
  const waitMs = mute.has(server.place) ? 2 * quietMs : answerMs;
  const [first, ...others] = talkers;
  if (first) {
    const words = await heardBy(first, talker, waitMs);
    for (const other of others) await other.hears(words);
  }
  talkers.push(talker);
  return talker;
}

/** The first two: what one says, the other must hear. */
export async function meetFirst(
  server: ServerUnderTest,
): Promise<[older: Talker, newer: Talker]> {
  const [older, newer] = (await server.connectMany(2))
    .map((peer) => new Talker(peer, server.random)) as [Talker, Talker];
  mute.add(server.place);
  try {
    await heardBy(older, newer, server.attempt.patience.answerMs);
  } catch (error) {
    throw await whyNothing(error, older, newer);
  }
  mute.delete(server.place);
  return [older, newer];
}

/** Says something until it is heard: the listener may not be there yet. */
async function heardBy(
  listener: Talker,
  talker: Talker,
  waitMs: number,
): Promise<string> {
  const { quietMs } = listener.peer.patience;
  const said: string[] = [];
  for (let waitedMs = quietMs;; waitedMs += quietMs) {
    said.push(await talker.say());
    try {
      const line = await listener.hears(said, quietMs);
      const words = said.find((words) => line.includes(words))!;
      talker.hasSaid(words, line);
      return words;
    } catch (error) {
      const isOver = waitedMs >= waitMs ||
        talker.peer.end !== "open" || listener.peer.end !== "open";
      if (isOver) throw await whyUnheard(talker, error);
    }
  }
}

/** If it is the talker whose connection has ended, this tells more. */
async function whyUnheard(talker: Talker, error: unknown): Promise<unknown> {
  if (!(error instanceof Failure) || error.symptom !== "silent") return error;
  await talker.peer.rest(LOOK_MS);
  const { end } = talker.peer;
  if (end === "open") return error;
  return talker.peer.failure(end === "fin" ? "ended" : "reset");
}

/**
 * Why nobody hears anybody: the words wait for more of them in a buffer, or the
 * newer client waits for the older one to leave.
 */
async function whyNothing(
  error: unknown,
  older: Talker,
  newer: Talker,
): Promise<unknown> {
  if (!(error instanceof Failure) || error.symptom !== "silent") return error;
  const words = newer.random.word();
  const { answerMs } = older.peer.patience;
  void newer.peer.send(`${words}\r\n`.repeat(MANY_LINES));
  const isHeard = () =>
    older.hears(words, answerMs / 2).then(() => true, () => false);
  if (await isHeard()) return newer.peer.failure("unflushed");
  await newer.say("/list");
  if ((await newer.listens()).length > 0) return error;
  // It has heard nothing yet.
  await older.leave();
  const isServed = await newer.peer.receive() !== null;
  return isServed ? newer.peer.failure("late") : error;
}

/** What a talker says must be heard by all `others`. */
export async function isHeard(
  talker: Talker,
  others: readonly Talker[],
): Promise<void> {
  const words = await talker.say();
  try {
    for (const other of others) {
      if (other !== talker) await other.hears(words);
    }
  } catch (error) {
    throw await whyUnheard(talker, error);
  }
}

/** All leave in order, so that the next stage finds nobody. */
export async function part(talkers: readonly Talker[]): Promise<void> {
  await Promise.all(talkers.map((talker) => talker.leave()));
}
