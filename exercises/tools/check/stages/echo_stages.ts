import { type ClientUnderTest, OWN_CLOCK_MS } from "../client_under_test.ts";
import { bytesOf, type Peer } from "../peer.ts";
import { Failure, type Stages } from "../stage.ts";
import { linesOf } from "./compare.ts";
import {
  echoLine,
  echoRest,
  echoUntilStuck,
  lineFrom,
  meetTyping,
  sendsWhatIsLong,
  usualRun,
} from "./played_echo.ts";
import { endsWell } from "./reading_stages.ts";
import {
  hasInOrder,
  saysWrong,
  showsText,
  squeezed,
  tellsMore,
  timesIn,
} from "./shown.ts";

/** More than all the buffers between two programs hold. */
const MUCH = 24 * 1024 * 1024;

/** RFC 862, from the client's side: what it sends is what it must get. */
export const echoStages = {
  "sends-and-shows": {
    title: "It sends the lines of its input, and shows each as it comes back",
    points: 2,
    run: async (client) => {
      const words = [client.random.word(6), client.random.word(6)] as const;
      const server = await meetTyping(client, `${words[0]}\n`);
      for (const word of words) {
        if (word === words[1]) await client.program.type(`${word}\n`);
        await mustSend(client, server, word);
        await mustShowSoon(client, server, word);
        if (!client.program.isInputEnded) continue;
        // It has sent nothing before that: as it likes, or for want of a flush.
        if (await sendsWhatIsLong(client)) throw new Failure("late");
        return;
      }
    },
  },
  "ends": {
    title: "It ends when its input has ended, and all has come back",
    points: 2,
    slow: true,
    run: async (client) => {
      const word = client.random.word(6);
      const server = await meetTyping(client, `${word}\n`);
      await echoLine(client, server, word);
      await client.program.endInput();
      // An echo server does not end first.
      const echoing = echoRest(server, OWN_CLOCK_MS);
      await endsWell(client, OWN_CLOCK_MS);
      await echoing;
    },
  },
  "sliced": {
    title: "It waits for all of an answer that comes in pieces",
    points: 2,
    run: async (client) => {
      const word = client.random.word(9);
      const server = await meetTyping(client, `${word}\n`);
      const { program } = client;
      const line = await lineFrom(client, server, word);
      const size = Math.ceil(line.length / 5);
      await server.sendSliced(line, size);
      const pieces = word.match(new RegExp(`.{1,${size}}`, "g"))!;
      if (!program.isInputEnded) {
        await program.shows(
          (shown) => hasInOrder(shown, pieces),
          client.attempt.patience.answerMs,
        );
      }
      const isSoon = hasInOrder(program.output, pieces);
      await program.endInput();
      await echoRest(server);
      const { success } = await client.exit();
      const usual = await usualRun(client);
      const times = timesIn(program.output, word);
      const rest = program.output.replaceAll(word, " ");
      const isThere = hasInOrder(squeezed(rest), pieces);
      // Some show what they send, too, and some each read before the line.
      const isWhole = times >= Math.max(1, timesIn(usual.output, usual.word)) ||
        times > 0 && isThere;
      if (!isWhole) throw new Failure(isThere && isSoon ? "mixed" : "missing");
      const isBlamed = saysWrong(program.output) && !saysWrong(usual.output);
      if (!success && usual.success || isBlamed) {
        throw new Failure("rejects", null, client.ending());
      }
    },
  },
  "cut-character": {
    title: "A character that is cut in two is shown whole",
    points: 1,
    run: async (client) => {
      const [before, after] = [client.random.word(), client.random.word()];
      const word = `${before}ñ${after}`;
      const server = await meetTyping(client, `${word}\n`);
      const line = await lineFrom(client, server, before);
      const cut = bytesOf(before).length + 1;
      await server.sendApart([line.subarray(0, cut), line.subarray(cut)]);
      await client.program.endInput();
      await echoRest(server);
      await client.exit();
      const { output } = client.program;
      // Some show bytes, as Python does.
      if (showsText(output, word) || /\\xc3[^]*\\xb1/i.test(output)) return;
      const isWhole = squeezed(output).includes(after);
      throw new Failure(isWhole ? "decoded" : "missing");
    },
  },
  "wrong-answer": {
    title: "It notices that something else came back",
    points: 2,
    run: async (client) => {
      const word = client.random.word(6);
      const server = await meetTyping(client, `${word}\n`);
      const line = await lineFrom(client, server, word);
      line[2]! ^= 0x20; // A capital letter.
      await server.send(line);
      await mustNotice(client, server, word);
    },
  },
  "early-end": {
    title: "It notices that the server ended (FIN) in the middle of an answer",
    points: 1,
    run: async (client) => {
      const word = client.random.word(6);
      const server = await meetTyping(client, `${word}\n`);
      const line = await lineFrom(client, server, word);
      await server.send(line.subarray(0, 5));
      await server.finish();
      await mustNotice(client, server, word);
    },
  },
  "much-input": {
    title: "24 MB of lines come back while it still sends",
    points: 1,
    run: async (client) => {
      const lines = linesOf(client.random, MUCH, 60_000);
      const server = await meetTyping(client, lines, true);
      const isAll = await echoUntilStuck(server, lines.length);
      if (isAll) await endsWell(client, OWN_CLOCK_MS);
    },
  },
  "silent-server": {
    title: "It ends by itself when nothing comes back",
    points: 1,
    slow: true,
    run: async (client) => {
      await meetTyping(client, `${client.random.word()}\n`);
      await client.program.endInput();
      await client.exit(OWN_CLOCK_MS);
    },
  },
} satisfies Stages<ClientUnderTest>;

/**
 * What it sends for `word` comes back as it is.
 *
 * @throws {Failure} `late`: it sends only when much was typed.
 */
async function mustSend(
  client: ClientUnderTest,
  server: Peer,
  word: string,
): Promise<void> {
  try {
    await echoLine(client, server, word);
  } catch (error) {
    const isSilent = error instanceof Failure &&
      /silent|ended/.test(error.symptom);
    if (isSilent && await sendsWhatIsLong(client)) throw new Failure("late");
    throw error;
  }
}

/** @throws {Failure} `missing`, or `unflushed`: it is shown when it ends. */
async function mustShowSoon(
  { program, attempt }: ClientUnderTest,
  server: Peer,
  word: string,
): Promise<void> {
  const isThere = (shown: string) => shown.includes(word);
  const hadEnded = program.isInputEnded;
  const { answerMs } = attempt.patience;
  if (!hadEnded && await program.shows(isThere, answerMs)) return;
  await program.endInput();
  await echoRest(server);
  await program.exit(attempt.patience.answerMs);
  if (!isThere(program.output)) throw new Failure("missing");
  if (!hadEnded) throw new Failure("unflushed");
}

/** @throws {Failure} `accepts`: neither its words nor its exit code say so. */
async function mustNotice(
  client: ClientUnderTest,
  server: Peer,
  word: string,
): Promise<void> {
  await client.program.endInput();
  await echoRest(server);
  const { success } = await client.exit();
  const usual = await usualRun(client);
  if (!success && usual.success) return;
  const { output } = client.program;
  const exchanged = [word, word.slice(0, 5), usual.word];
  // Some say nothing but that it is the same.
  const isUnconfirmed = timesIn(output.toLowerCase(), word.slice(0, 5)) > 0 &&
    tellsMore(usual.output, output, exchanged);
  if (!isUnconfirmed && !tellsMore(output, usual.output, exchanged)) {
    throw new Failure("accepts");
  }
}
