import { ProtocolError } from "../../../../protocol/errors.ts";
import {
  loginLine,
  loginMessage,
  type LoginWords,
} from "../../../../protocol/login_lines.ts";
import { ScramClient } from "../../../../protocol/scram.ts";
import { parseServerFirst } from "../../../../protocol/scram_messages.ts";
import { bytesOf, type Peer } from "../peer.ts";
import type { ServerUnderTest } from "../server_under_test.ts";
import { Failure, Skip, type Stages } from "../stage.ts";

/** How a server tells that it has users. */
export interface Offer {
  words: LoginWords;
  /** Lines that get an answer before the login; the last ends the connection. */
  probe: string;
  /** What only a server with users answers to it. */
  answer: RegExp;
}

/** A welcome has no more lines. */
const MAX_LINES = 20;

/**
 * What a server with users must refuse. Whom it knows is not for us to know: a
 * name that nobody has must look like one that somebody has.
 */
export function authStages(offer: Offer) {
  return {
    "auth": {
      title: "A wrong password is refused, and the name not told apart",
      points: 0,
      run: async (server) => {
        using client = await server.connect().catch(unoffered);
        if (!await isLocked(client, offer)) throw new Skip("unoffered");
        const [one, other] = [newName(), newName()];
        const salt = await saltOf(server, offer, one);
        if (salt !== await saltOf(server, offer, one)) {
          throw new Failure("wrong", null, "another salt for the same name");
        }
        if (salt === await saltOf(server, offer, other)) {
          throw new Failure("wrong", null, "the same salt for another name");
        }
      },
    },
  } satisfies Stages<ServerUnderTest>;
}

/** What else is wrong with it, other stages tell. */
function unoffered(error: unknown): never {
  throw error instanceof Failure ? new Skip("unoffered") : error;
}

/** Of no seed: a server has a pause for a name that was wrong before. */
function newName(): string {
  return `u${crypto.randomUUID().slice(0, 8)}`;
}

/** Whether it wants a login first. */
async function isLocked(
  client: Peer,
  { probe, answer }: Offer,
): Promise<boolean> {
  await client.send(probe);
  try {
    return await lineOf(client, (line) => answer.test(line)) !== "";
  } catch (error) {
    if (error instanceof Failure) return false;
    throw error;
  }
}

/** Logs in with a wrong password. @returns The salt, as text. */
async function saltOf(
  server: ServerUnderTest,
  offer: Offer,
  name: string,
): Promise<string> {
  const { words } = offer;
  using client = await server.connect();
  const scram = new ScramClient(name, "no password of anybody");
  await client.send(loginLine(words.first, scram.first));
  const challenge = await said(client, words, words.challenge);
  const message = loginMessage(words.challenge, challenge) ?? "";
  const final = await scram.final(message).catch((error) => {
    if (!(error instanceof ProtocolError)) throw error;
    throw new Failure("wrong", null, error.message);
  });
  await client.send(loginLine(words.final, final));
  await said(client, words, `${words.refusal}AUTH_FAILED`);
  if (await isLocked(client, offer)) {
    return `${parseServerFirst(message)?.salt}`;
  }
  throw new Failure("wrong", null, "no login is needed after a refused one");
}

/**
 * The next line of a login, which must begin with `start`.
 *
 * @throws {Failure} It does not, or none came.
 */
async function said(
  client: Peer,
  { challenge, done, refusal }: LoginWords,
  start: string,
): Promise<string> {
  const starts = [challenge, done, refusal];
  const line = await lineOf(
    client,
    (line) => starts.some((start) => line.startsWith(start)),
  );
  if (line.startsWith(start)) return line;
  throw client.failure("wrong", bytesOf(start), bytesOf(line));
}

/**
 * The next line that is one; those before it may be a welcome.
 *
 * @throws {Failure} None came, or not soon; `missing` after too many others.
 */
async function lineOf(
  client: Peer,
  isOne: (line: string) => boolean,
): Promise<string> {
  for (let count = 0; count < MAX_LINES; count++) {
    const line = await client.line();
    if (isOne(line)) return line;
  }
  throw client.failure("missing");
}
