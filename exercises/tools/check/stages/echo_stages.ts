import { type ClientUnderTest, OWN_CLOCK_MS } from "../client_under_test.ts";
import { bytesOf, type Peer } from "../peer.ts";
import { Failure, type Stages } from "../stage.ts";
import { linesOf } from "./compare.ts";
import { endsWell } from "./reading_stages.ts";
import { saysWrong, showsText, squeezed } from "./shown.ts";

/** More than all the buffers between two programs hold. */
const MUCH = 24 * 1024 * 1024;

/** No buffer of a program is larger. */
const MAX_BUFFERED = 256 * 1024;

/** RFC 862, from the client's side: what it sends is what it must get. */
export const echoStages = {
  "sends-and-shows": {
    title: "It sends the lines of its input, and shows each as it comes back",
    points: 2,
    run: async (client) => {
      const server = await client.meet();
      for (const _ of [1, 2]) {
        const word = client.random.word(6);
        await client.program.type(`${word}\n`);
        await mustSendSoon(client, server);
        await echoLine(client, server, word);
        await mustShowSoon(client, server, word);
        // It sends nothing before it has read all of its input.
        if (client.program.isInputEnded) return;
      }
    },
  },
  "ends": {
    title: "It ends when its input has ended, and all has come back",
    points: 2,
    run: async (client) => {
      const server = await client.meet();
      const word = client.random.word(6);
      await client.program.type(`${word}\n`);
      await echoLine(client, server, word);
      await client.program.endInput();
      await echoRest(server);
      await endsWell(client);
    },
  },
  "sliced": {
    title: "It waits for all of an answer that comes in pieces",
    points: 2,
    run: async (client) => {
      const server = await client.meet();
      const word = client.random.word(9);
      await client.program.type(`${word}\n`);
      const line = await lineFrom(client, server, word);
      await server.sendSliced(line, 6);
      const pieces = word.match(/.{6}/g)!;
      const hasPieces = (shown: string) =>
        pieces.every((piece) => shown.includes(piece));
      // Now; who takes one of them for the answer may read the others later.
      const isThere = await client.program.shows(
        hasPieces,
        server.patience.answerMs,
      );
      await client.program.endInput();
      await echoRest(server);
      const { success } = await client.exit();
      const { shown, output } = client.program;
      if (!shown.includes(word)) {
        throw new Failure(isThere ? "mixed" : "missing");
      }
      if (!success || saysWrong(output)) {
        throw new Failure("rejects", null, client.ending());
      }
    },
  },
  "cut-character": {
    title: "A character that is cut in two is shown whole",
    points: 1,
    run: async (client) => {
      const server = await client.meet();
      const [before, after] = [client.random.word(), client.random.word()];
      const word = `${before}ñ${after}`;
      await client.program.type(`${word}\n`);
      const line = await lineFrom(client, server, before);
      const cut = bytesOf(before).length + 1;
      await server.sendApart([line.subarray(0, cut), line.subarray(cut)]);
      await client.program.endInput();
      await echoRest(server);
      await client.exit();
      const { shown } = client.program;
      if (showsText(shown, word)) return;
      const isWhole = squeezed(shown).includes(after);
      throw new Failure(isWhole ? "decoded" : "missing");
    },
  },
  "wrong-answer": {
    title: "It notices that something else came back",
    points: 2,
    run: async (client) => {
      const server = await client.meet();
      const word = client.random.word(6);
      await client.program.type(`${word}\n`);
      const line = await lineFrom(client, server, word);
      line[2]! ^= 0x20; // A capital letter.
      await server.send(line);
      await mustNotice(client, server);
    },
  },
  "early-end": {
    title: "It notices that the server ended (FIN) in the middle of an answer",
    points: 1,
    run: async (client) => {
      const server = await client.meet();
      const word = client.random.word(6);
      await client.program.type(`${word}\n`);
      const line = await lineFrom(client, server, word);
      await server.send(line.subarray(0, 5));
      await server.finish();
      await mustNotice(client, server);
    },
  },
  "much-input": {
    title: "24 MB of lines come back while it still sends",
    points: 1,
    run: async (client) => {
      const server = await client.meet();
      const { program } = client;
      const lines = linesOf(client.random, MUCH, 60_000);
      const typing = program.typeBytes(lines).then(() => program.endInput());
      await echoUntilStuck(server, lines.length);
      await typing;
      await endsWell(client);
    },
  },
  "silent-server": {
    title: "It ends by itself when nothing comes back",
    points: 1,
    slow: true,
    run: async (client) => {
      await client.meet();
      await client.program.type(`${client.random.word()}\n`);
      await client.program.endInput();
      await client.exit(OWN_CLOCK_MS);
    },
  },
} satisfies Stages<ClientUnderTest>;

/**
 * @throws {Failure} `late`: it sends when much more was typed. What sends
 * only at the end of its input is another kind of client, and right.
 */
async function mustSendSoon(
  { program }: ClientUnderTest,
  server: Peer,
): Promise<void> {
  let data = await server.receive();
  if (data === null && server.end === "open") {
    await program.type("more\n".repeat(20_000));
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
async function lineFrom(
  client: ClientUnderTest,
  server: Peer,
  word: string,
): Promise<Uint8Array> {
  const { program, place } = client;
  if (collectors.has(place)) await program.endInput();
  let line = await server.receive();
  if (line === null && server.end === "open") {
    await program.endInput();
    line = await server.receive();
    if (line !== null) collectors.add(place);
  }
  if (line === null) throw server.failure("silent");
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
async function echoLine(
  client: ClientUnderTest,
  server: Peer,
  word: string,
): Promise<void> {
  await server.send(await lineFrom(client, server, word));
}

/** Sends back whatever still comes, and ends when the client does. */
async function echoRest(server: Peer): Promise<void> {
  for (;;) {
    const data = await server.receive();
    if (data === null) break;
    await server.send(data);
  }
  await server.finish();
}

/** @throws {Failure} `missing`, or `unflushed`: it is shown when it ends. */
async function mustShowSoon(
  { program, attempt }: ClientUnderTest,
  server: Peer,
  word: string,
): Promise<void> {
  const isThere = (shown: string) => shown.includes(word);
  if (await program.shows(isThere, attempt.patience.answerMs)) return;
  const hadEnded = program.isInputEnded;
  await program.endInput();
  await echoRest(server);
  await program.exit(attempt.patience.answerMs);
  if (!isThere(program.shown)) throw new Failure("missing");
  if (!hadEnded) throw new Failure("unflushed");
}

/** @throws {Failure} `accepts`: neither its words nor its exit code say so. */
async function mustNotice(
  client: ClientUnderTest,
  server: Peer,
): Promise<void> {
  await client.program.endInput();
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
async function echoUntilStuck(server: Peer, length: number): Promise<void> {
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
