import { delay } from "@std/async/delay";
import type { Peer } from "../peer.ts";
import type { ServerUnderTest } from "../server_under_test.ts";
import { Failure, type Stages, type Symptom } from "../stage.ts";
import { lineEnds } from "./compare.ts";
import type { Signatures } from "../signatures.ts";

/** Between two asks, in ms: a time in seconds has changed then. */
const LATER_MS = 2100;

/**
 * What must come of a server that sends one line with the time, and closes. RFC
 * 867 wants ASCII; other lines are UTF-8.
 */
export const greetingStages = (charset: "ASCII" | "UTF-8") => ({
  "speaks-first": {
    title: "The line comes without being asked for",
    points: 2,
    run: async (server) => {
      const client = await server.connect();
      await orAfterInput(client, () => client.something());
    },
  },
  "one-line": {
    title: `It is one line of ${charset}, which ends with CR LF`,
    points: 2,
    run: async (server) => {
      const client = await server.connect();
      await client.something();
      const bytes = await client.rest();
      const [symptom, at] = faultOf(bytes, charset) ?? [];
      if (symptom) throw client.failure(symptom, new Uint8Array(), bytes, at);
    },
  },
  "ends": {
    title: "It ends the connection after the line (FIN)",
    points: 2,
    run: async (server) => {
      const client = await server.connect();
      await client.something();
      await client.rest();
      if (client.end === "open") throw client.failure("open");
    },
  },
  "input-thrown-away": {
    title: "It ends in order (FIN, no RST) though we sent something first",
    points: 2,
    run: async (server) => {
      // What is sent late can come too late to matter: it is tried again.
      for (let i = 0; i < 8; i++) {
        const client = await server.connectWith("x".repeat(5000));
        await client.something();
        await client.rest();
        if (await client.wasReset()) throw client.failure("reset");
        client.close();
      }
    },
  },
  "time-goes-on": {
    title: "Asked 2 s later, it tells another time",
    points: 1,
    run: async (server) => {
      const client = await server.connect();
      const first = await lineOf(client);
      client.close();
      await delay(LATER_MS);
      const second = await lineOf(await server.connect());
      // Without seconds it may be the same.
      if (first === second && /\d:\d\d:\d\d/.test(first)) {
        throw new Failure("twice", null, first);
      }
    },
  },
} satisfies Stages<ServerUnderTest>);

/** What is wrong with the line, and from which byte on; null: nothing is. */
function faultOf(
  bytes: Uint8Array,
  charset: string,
): [Symptom, at: number] | null {
  const end = bytes.indexOf(0x0a);
  if (bytes.includes(0)) return ["old-bytes", bytes.indexOf(0)];
  if (end < 0) return ["cut", bytes.length - 1];
  const behind = bytes.subarray(end + 1);
  const hasCrLf = bytes[end - 1] === 0x0d && bytes[end - 2] !== 0x0d;
  if (!hasCrLf) return ["line-end", end];
  if (behind.length > 0) {
    const symptom = lineEnds(behind, new Uint8Array()) ?? "extra";
    return [symptom, end + 1];
  }
  const odd = charset === "ASCII"
    ? bytes.findIndex((byte) => byte >= 0x80)
    : -1;
  return odd < 0 ? null : ["wrong", odd];
}

/** All that comes, as text. */
export async function lineOf(client: Peer): Promise<string> {
  await client.something();
  return new TextDecoder().decode(await client.rest()).trim();
}

/** `late`: it came when we had sent something; `unflushed`: after our FIN. */
async function orAfterInput(
  client: Peer,
  expect: () => Promise<void>,
): Promise<void> {
  try {
    await expect();
  } catch (error) {
    if (!(error instanceof Failure) || error.symptom !== "silent") throw error;
    await client.send("\r\n");
    if (await client.receive() !== null) throw client.failure("late");
    if (client.end === "open") await client.finish();
    const came = await client.receive() !== null;
    throw came ? client.failure("unflushed") : error;
  }
}

/** How the bugs show that such a server can have. */
export const greetingBugs = {
  "waits-for-input": { fails: { "speaks-first": ["late"] }, may: "any" },
  "never-closes": {
    fails: { "ends": ["open"] },
    may: { "next-client": [], "few-descriptors": [], "two-at-once": [] },
  },
  "resets": { fails: { "input-thrown-away": ["reset"] } },
  "stale-time": { fails: { "time-goes-on": ["twice"] } },
  "no-line-end": { fails: { "one-line": ["cut"] } },
  "changes-line-end": { fails: { "one-line": ["line-end"] } },
  "sends-whole-buffer": { fails: { "one-line": ["old-bytes"] } },
  // What it wrote stays in a buffer that is thrown away.
  "unflushed": {
    fails: { "speaks-first": ["ended", "unflushed"] },
    may: "any",
    unsure: true,
  },
} satisfies Signatures;
