import { type ClientUnderTest, OWN_CLOCK_MS } from "../client_under_test.ts";
import { bytesOf } from "../peer.ts";
import { Failure, type Stages } from "../stage.ts";
import { linesOf } from "./compare.ts";
import {
  echoLine,
  echoRest,
  echoUntilStuck,
  lineFrom,
  mustNotice,
  mustSendSoon,
  mustShowSoon,
} from "./echo_exchange.ts";
import { endsWell } from "./reading_stages.ts";
import { saysWrong, showsText, squeezed } from "./shown.ts";

/** More than all the buffers between two programs hold. */
const MUCH = 24 * 1024 * 1024;

/** RFC 862, from the client's side: what it sends is what it must get. */
export const echoStages = {
  "sends-and-shows": {
    title: "It sends the lines of its input, and shows each as it comes back",
    points: 2,
    run: async (client) => {
      const server = await client.meet();
      for (const _ of [1, 2]) {
        const word = client.random.word(6);
        client.program.type(`${word}\n`);
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
      client.program.type(`${word}\n`);
      await echoLine(client, server, word);
      client.program.endInput();
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
      client.program.type(`${word}\n`);
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
      client.program.endInput();
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
      client.program.type(`${word}\n`);
      const line = await lineFrom(client, server, before);
      const cut = bytesOf(before).length + 1;
      await server.sendApart([line.subarray(0, cut), line.subarray(cut)]);
      client.program.endInput();
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
      client.program.type(`${word}\n`);
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
      client.program.type(`${word}\n`);
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
      client.program.type(`${client.random.word()}\n`);
      client.program.endInput();
      await client.exit(OWN_CLOCK_MS);
    },
  },
} satisfies Stages<ClientUnderTest>;
