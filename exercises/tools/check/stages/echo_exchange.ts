/** What is between an echo client and the server that a stage plays. */
import { type ClientUnderTest, OWN_CLOCK_MS } from "../client_under_test.ts";
import { bytesOf, type Peer } from "../peer.ts";
import { Failure } from "../stage.ts";
import { saysWrong } from "./shown.ts";

/** No buffer of a program is larger. */
const MAX_BUFFERED = 256 * 1024;

/**
 * @throws {Failure} `late`: it sends when much more was typed. What sends
 * only at the end of its input is another kind of client, and right.
 */
export async function mustSendSoon(
  { program }: ClientUnderTest,
  server: Peer,
): Promise<void> {
  let data = await server.receive();
  if (data === null && server.end === "open") {
    program.type("more\n".repeat(20_000)); // It may read none of it.
    data = await server.receive();
    if (data !== null) throw server.failure("late");
  }
  if (data !== null) server.unread(data);
}

/** Those that send when their input ends: no stage need wait for it again. */
const collectors = new WeakSet<ClientUnderTest["place"]>();

/**
 * What the client sends for the line `word`, with or without its line end. Its
 * input is ended where it waits for that.
 */
export async function lineFrom(
  client: ClientUnderTest,
  server: Peer,
  word: string,
): Promise<Uint8Array> {
  const { program, place } = client;
  if (collectors.has(place)) program.endInput();
  let line = await server.receive();
  if (line === null && server.end === "open") {
    program.endInput();
    line = await server.receive();
    if (line !== null) collectors.add(place);
  }
  if (line === null) {
    throw server.failure(server.end === "open" ? "silent" : "ended");
  }
  // In several writes, maybe.
  while (line !== null && !line.includes(0x0a)) {
    const more = await server.receive(server.patience.quietMs);
    if (more === null) break;
    line = new Uint8Array([...line, ...more]);
  }
  const text = new TextDecoder().decode(line ?? new Uint8Array());
  if (text.startsWith(word)) return line!;
  throw server.failure("wrong", bytesOf(word), line ?? new Uint8Array());
}

/** What it sends comes back as it is. */
export async function echoLine(
  client: ClientUnderTest,
  server: Peer,
  word: string,
): Promise<void> {
  await server.send(await lineFrom(client, server, word));
}

/** Sends back whatever still comes, and ends when the client does. */
export async function echoRest(server: Peer): Promise<void> {
  for (;;) {
    const data = await server.receive();
    if (data === null) break;
    await server.send(data);
  }
  await server.finish();
}

/** @throws {Failure} `missing`, or `unflushed`: it is shown when it ends. */
export async function mustShowSoon(
  { program, attempt }: ClientUnderTest,
  server: Peer,
  word: string,
): Promise<void> {
  const isThere = (shown: string) => shown.includes(word);
  if (await program.shows(isThere, attempt.patience.answerMs)) return;
  const hadEnded = program.isInputEnded;
  program.endInput();
  await echoRest(server);
  await program.exit(attempt.patience.answerMs);
  if (!isThere(program.shown)) throw new Failure("missing");
  if (!hadEnded) throw new Failure("unflushed");
}

/** @throws {Failure} `accepts`: neither its words nor its exit code say so. */
export async function mustNotice(
  client: ClientUnderTest,
  server: Peer,
): Promise<void> {
  client.program.endInput();
  await echoRest(server);
  const { success } = await client.exit(OWN_CLOCK_MS);
  if (success && !saysWrong(client.program.output)) {
    throw new Failure("accepts");
  }
}

/**
 * Sends back `length` bytes.
 *
 * @throws {Failure} `stuck`: nothing moves; `short`: what does not come is no
 * more than a program's own buffer holds, or what came was.
 */
export async function echoUntilStuck(
  server: Peer,
  length: number,
): Promise<void> {
  for (let left = length; left > 0;) {
    const data = await server.receive();
    if (data === null) {
      if (left === length) throw server.failure("silent");
      if (server.end !== "open") throw server.failure("cut");
      const least = Math.min(left, length - left);
      throw server.failure(least < MAX_BUFFERED ? "short" : "stuck");
    }
    left -= data.length;
    await server.sendOrStop(data);
  }
  await echoRest(server);
}
