import {
  ClientUnderTest,
  OWN_CLOCK_MS,
  USUAL_MS,
} from "../client_under_test.ts";
import type { Peer } from "../peer.ts";
import { Failure, type Stages } from "../stage.ts";
import { escapesOf, hasEscapes, tellsMore } from "./shown.ts";

/** What an endless server sends in each write, and how much in all. */
const ENDLESS = "x".repeat(16 * 1024);
const ENDLESS_PAUSE_MS = 5;

/** The answer of a server that closes behind it, and what must be seen of it. */
export interface Answer {
  text: string;
  /** Must be shown, in this order. */
  parts: string[];
}

/** Makes an answer anew for each connection. */
export type Answering = (client: ClientUnderTest) => Answer;

/** What every client must stand that reads an answer until the server ends. */
export function readingStages(answer: Answering) {
  return {
    "whole-answer": {
      title: "It shows the answer, and ends when the server has ended (FIN)",
      points: 2,
      run: async (client) => {
        const { text, parts } = answer(client);
        const server = await client.meet();
        await server.send(text);
        await server.finish();
        await endsWell(client);
        await mustShow(client, parts);
      },
    },
    "sliced": {
      title: "It shows all of an answer that comes in pieces",
      points: 2,
      run: async (client) => {
        const { text, parts } = answer(client);
        const server = await client.meet();
        await server.sendSliced(text, Math.ceil(text.length / 6));
        await server.finish();
        await endsWell(client);
        await mustShow(client, parts);
      },
    },
    "broken-off": {
      title: "It does not take half an answer for a whole one after a reset",
      points: 1,
      run: async (client) => {
        const { text } = answer(client);
        const server = await client.meet();
        const got = await beginning(server, text);
        server.reset();
        await mustObject(client, { got, cut: got.trim() }, answer);
      },
    },
    "escape-sequences": {
      title: "What drives a terminal does not reach it",
      points: 1,
      run: async (client) => {
        const { text } = answer(client);
        const server = await client.meet();
        const end = text.trimEnd().length;
        const escapes = escapesOf(client.random);
        await server.send(
          text.slice(0, end) + escapes.join("") + text.slice(end),
        );
        await server.finish();
        // Whether it ends is told elsewhere.
        const ending = client.exit();
        await ending.catch(() => {});
        if (hasEscapes(client.program.output, escapes)) {
          throw new Failure("escapes");
        }
        await ending;
      },
    },
    "silent-server": {
      title: "It ends by itself when the server says nothing",
      points: 1,
      slow: true,
      run: async (client) => {
        await client.meet();
        await client.exit(OWN_CLOCK_MS);
      },
    },
    "endless-server": {
      title: "It ends by itself when the server never stops talking",
      points: 1,
      slow: true,
      run: async (client) => {
        const server = await client.meet();
        const stop = new AbortController();
        const talking = talk(server, stop.signal);
        try {
          await client.exit(OWN_CLOCK_MS);
        } finally {
          stop.abort();
          await talking;
        }
      },
    },
  } satisfies Stages<ClientUnderTest>;
}

/** @throws {Failure} It does not end, or says that something is wrong. */
export async function endsWell(
  client: ClientUnderTest,
  withinMs?: number,
): Promise<void> {
  const { success } = await client.exit(withinMs);
  if (!success) throw new Failure("rejects", null, client.ending());
}

/** @throws {Failure} `missing`, or `unflushed`: it comes when the program ends. */
export async function mustShow(
  { program, attempt }: ClientUnderTest,
  parts: readonly string[],
): Promise<void> {
  const isThere = (shown: string) =>
    parts.every((part) => shown.includes(part));
  if (await program.shows(isThere, attempt.patience.answerMs)) return;
  throw new Failure("missing", null, parts.join(" "));
}

/**
 * The client must not take what came for all: its exit code says so, or its
 * words, or it shows nothing of `cut`, with which what it got ends.
 */
export async function mustObject(
  client: ClientUnderTest,
  { got, cut }: { got: string; cut: string },
  answer: Answering,
): Promise<void> {
  const { success } = await client.exit();
  const { output } = client.program;
  if (!output.includes(cut)) return;
  const usual = await usualRun(client, answer);
  if (!success && usual.success) return;
  const exchanged = [got, cut, usual.text];
  if (!tellsMore(output, usual.output, exchanged)) throw new Failure("accepts");
}

/** What the client does with a right answer. */
interface Usual {
  text: string;
  output: string;
  success: boolean;
}

const known = new WeakMap<ClientUnderTest["place"], Promise<Usual>>();

/** Its usual run, made once for all stages. */
function usualRun(client: ClientUnderTest, answer: Answering): Promise<Usual> {
  const { place } = client;
  const run = known.get(place) ?? runUsually(client, answer);
  known.set(place, run);
  return run;
}

async function runUsually(
  { place, tools, attempt }: ClientUnderTest,
  answer: Answering,
): Promise<Usual> {
  await using client = new ClientUnderTest(place, tools, attempt);
  const { text } = answer(client);
  const server = await client.meet();
  await server.send(text);
  await server.finish();
  const { success } = await client.exit(USUAL_MS)
    .catch(() => ({ success: true })); // Another stage tells of it.
  return { text, output: client.program.output, success };
}

/** Sends the first half, and waits until the client has had time to read it. */
async function beginning(server: Peer, text: string): Promise<string> {
  const half = text.slice(0, Math.ceil(text.trimEnd().length / 2));
  await server.sendApart([half, ""], server.patience.quietMs);
  return half;
}

async function talk(server: Peer, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await server.sendApart(["", ENDLESS], ENDLESS_PAUSE_MS);
  }
}
