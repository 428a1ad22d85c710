import { bytesOf, type Classify, type Peer } from "../peer.ts";
import type { ServerUnderTest } from "../server_under_test.ts";
import { Failure, type Stages } from "../stage.ts";
import { changedText, lineEnds, linesOf, readLate } from "./compare.ts";
import { listens, serverStages } from "./server_stages.ts";

/** More than all the buffers between two programs hold. */
const MUCH = 8 * 1024 * 1024;

/** RFC 862: every byte comes back, as it is, until the client ends. */
export const echoserverStages = {
  listens,
  "answers-a-line": {
    title: "A line comes back, and nothing before it or after it",
    points: 2,
    run: async (server) => {
      const client = await server.connect();
      await client.expectNothing(() => "unasked");
      const line = `${server.random.word(9)}\n`;
      await client.send(line);
      await whyLate(client, line, () => client.expect(line, lineEnds));
      await client.expectNothing(oldBytes);
    },
  },
  "second-line": {
    title: "A second, shorter line comes back on the same connection",
    points: 2,
    run: async (server) => {
      const client = await server.connect();
      await echo(client, `${server.random.word(12)}\n`);
      await echo(client, `${server.random.word(2)}\n`, oldBytes);
      await client.expectNothing(oldBytes);
    },
  },
  "line-ends": {
    title: "Line ends come back as they were sent, CR LF and LF",
    points: 1,
    run: async (server) => {
      const client = await server.connect();
      const [a, b, c] = [1, 2, 3].map(() => server.random.word());
      await echo(client, `${a}\r\n${b}\n${c}\r\n\r\n\n`, lineEnds);
    },
  },
  "without-newline": {
    title: "Bytes without a line end come back at once",
    points: 2,
    run: async (server) => {
      const client = await server.connect();
      await echo(client, server.random.word(), lineEnds);
    },
  },
  "every-byte": {
    title: "Each of the 256 bytes comes back as it is, 00 too",
    points: 2,
    run: async (server) => {
      const client = await server.connect();
      const bytes = Uint8Array.from({ length: 256 }, (_, i) => 255 - i)
        .filter((byte) => byte !== 0x0a && byte !== 0x0d);
      await echo(client, bytes, everyByte);
      await echo(client, "\n", lineEnds);
    },
  },
  "cut-character": {
    title: "A character that is cut in two comes back whole",
    points: 2,
    run: async (server) => {
      const client = await server.connect();
      const [c3, b1] = [...bytesOf("ñ")].map((byte) => Uint8Array.of(byte));
      const [before, after] = [server.random.word(), server.random.word()];
      const sending = client.sendApart([before, c3!, b1!, `${after}\n`]);
      await client.expect(`${before}ñ${after}\n`, changedText);
      await sending;
    },
  },
  "ends-with-us": {
    title: "It ends its side (FIN) after we have ended ours",
    points: 2,
    run: async (server) => {
      const client = await server.connect();
      await anyEcho(client, server.random.word());
      await client.finish();
      // What comes before it is for other stages to judge.
      await client.rest();
      if (client.end === "open") throw client.failure("open");
    },
  },
  "slow-reader": {
    title: "8 MB come back whole to a client that reads late",
    points: 2,
    run: async (server) => {
      const client = await server.connect();
      await readLate(client, linesOf(server.random, MUCH));
    },
  },
  "rest-at-end": {
    title: "All that we sent before our FIN still comes back, then FIN",
    points: 2,
    run: async (server) => {
      const client = await server.connect();
      await readLate(client, linesOf(server.random, MUCH), { ends: true });
      await client.expectEnd();
    },
  },
  ...serverStages((client, random) => anyEcho(client, random.word())),
} satisfies Stages<ServerUnderTest>;

/** As much must come as was sent; what it is, other stages ask. */
async function anyEcho(client: Peer, word: string): Promise<void> {
  await client.send(`${word}\n`);
  for (let left = word.length; left > 0;) {
    await client.something();
    left -= (await client.receive())!.length;
  }
}

async function echo(
  client: Peer,
  data: string | Uint8Array,
  classify?: Classify,
): Promise<void> {
  await client.send(data);
  await client.expect(data, classify);
}

/** What is too much is from an earlier, longer message, or was never sent. */
const oldBytes: Classify = (actual, expected) =>
  lineEnds(actual, expected) ??
    (actual.length > expected.length ? "old-bytes" : null);

/** What stops at 00 has stopped there; else a byte that is no ASCII changed. */
const everyByte: Classify = (actual, expected) =>
  actual.length === expected.indexOf(0) ? "nul" : changedText(actual, expected);

/**
 * When nothing came: a buffer of the program's own is full after some more, and
 * one that waits for our end is not.
 */
async function whyLate(
  client: Peer,
  line: string,
  expect: () => Promise<void>,
): Promise<void> {
  try {
    return await expect();
  } catch (error) {
    if (!(error instanceof Failure) || error.symptom !== "silent") throw error;
    await client.send(line.repeat(4000));
    if (await client.receive() !== null) throw client.failure("unflushed");
    if (client.end === "open") await client.finish();
    if (await client.receive() !== null) throw client.failure("late");
    throw error;
  }
}
