import { concat } from "@std/bytes/concat";
import { Countdown } from "../../../../protocol/transport/deadline.ts";
import { ClientUnderTest, USUAL_MS } from "../client_under_test.ts";
import { bytesOf, type Peer } from "../peer.ts";
import { Failure, Skip } from "../stage.ts";

/** A send that took so long waited for the client. */
const EMBRACE_MS = 1000;

/** A client that waits so often before it has sent much waits for its answers. */
const WAITS = 4;
const BURST_BYTES = 1024 * 1024;
/** A client that is so slow need not come to the end. */
const MUCH_MS = 15_000;
/** Less than a client's clock. */
const BURST_MS = 1000;

/** More than any library keeps back. */
const LONG_LINE = 128 * 1024;

/** The echo server that a client meets, right unless a stage says otherwise. */

/**
 * Starts the client, types `input`, and accepts its connection. Its input is
 * ended if it `isAll`, or where the client waits for that before it connects.
 */
export async function meetTyping(
  client: ClientUnderTest,
  input: string | Uint8Array,
  isAll = false,
): Promise<Peer> {
  if ("port" in client.place) throw new Skip("unseen");
  await client.begin();
  const { program } = client;
  const typing = program.typeBytes(bytesOf(input));
  const end = () => void typing.then(() => program.endInput());
  if (isAll) end();
  using _ = Countdown.after(client.attempt.patience.answerMs, end);
  return await client.accept();
}

/** Whether it sends a line, longer than what a library keeps back, at once. */
export async function sendsWhatIsLong(
  { place, tools, attempt }: ClientUnderTest,
): Promise<boolean> {
  await using client = new ClientUnderTest(place, tools, attempt);
  const server = await meetTyping(client, `${"x".repeat(LONG_LINE)}\n`);
  return !client.program.isInputEnded && await server.receive() !== null;
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
  if (collectors.has(place)) await program.endInput();
  let line = await server.receive();
  if (line === null && server.end === "open") {
    await program.endInput();
    line = await server.receive();
    if (line !== null) collectors.add(place);
  }
  if (line === null) {
    throw server.failure(server.end === "open" ? "silent" : "ended");
  }
  // In several writes, maybe.
  while (!line.includes(0x0a)) {
    const more = await server.receive(server.patience.quietMs);
    if (more === null) break;
    line = new Uint8Array([...line, ...more]);
  }
  const text = new TextDecoder().decode(line);
  if (text.startsWith(word)) return line;
  throw server.failure("wrong", bytesOf(word), line);
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
export async function echoRest(
  server: Peer,
  withinMs = server.patience.answerMs,
): Promise<void> {
  for (;;) {
    const data = await server.receive(withinMs);
    if (data === null) break;
    await server.send(data);
  }
  await server.finish();
}

/**
 * Sends back `length` bytes; of a client that waits for its answers, and cannot
 * block, only the first ones: so much would take it minutes.
 *
 * @returns Whether it was all.
 * @throws {Failure} `stuck`: the client reads no more; `short`, `cut`: it sends
 * no more, though all has come back.
 */
export async function echoUntilStuck(
  server: Peer,
  length: number,
): Promise<boolean> {
  let waitsLeft = WAITS;
  let longestMs = 0;
  const endMs = performance.now() + MUCH_MS;
  for (let left = length; left > 0;) {
    const { data, waits } = waitsLeft > 0
      ? await burst(server)
      : { data: await server.receive(), waits: false };
    if (data === null) {
      // It may have a clock that ends the embrace.
      const broken = longestMs > EMBRACE_MS ? "stuck" : "cut";
      throw server.failure(server.end === "open" ? "short" : broken);
    }
    left -= data.length;
    const startMs = performance.now();
    await server.sendOrStop(data);
    longestMs = Math.max(longestMs, performance.now() - startMs);
    if (waits && --waitsLeft === 0) return false;
    if (performance.now() > endMs) return false;
    if (!waits) waitsLeft = 0;
  }
  await echoRest(server);
  return true;
}

/** What the client sends until it waits for an answer, or has sent much. */
async function burst(
  server: Peer,
): Promise<{ data: Uint8Array | null; waits: boolean }> {
  const first = await server.receive();
  if (first === null) return { data: null, waits: false };
  const chunks = [first];
  let length = first.length;
  const startMs = performance.now();
  while (length < BURST_BYTES && performance.now() - startMs < BURST_MS) {
    const chunk = await server.receive(server.patience.quietMs);
    if (chunk === null) return { data: concat(chunks), waits: true };
    chunks.push(chunk);
    length += chunk.length;
  }
  return { data: concat(chunks), waits: false };
}

/** What the client does when its one line `word` comes back as it is. */
export interface Usual {
  word: string;
  output: string;
  /** A program may end with exit code 1 at the end of its input, as usual. */
  success: boolean;
}

const known = new WeakMap<ClientUnderTest["place"], Promise<Usual>>();

/** Its usual run, made once for all stages. */
export function usualRun(client: ClientUnderTest): Promise<Usual> {
  const { place } = client;
  const run = known.get(place) ?? runUsually(client);
  known.set(place, run);
  return run;
}

async function runUsually(
  { place, tools, attempt }: ClientUnderTest,
): Promise<Usual> {
  await using client = new ClientUnderTest(place, tools, attempt);
  const word = client.random.word(6);
  const server = await meetTyping(client, `${word}\n`);
  let success = true;
  try {
    await echoLine(client, server, word);
    await client.program.endInput();
    await echoRest(server);
    ({ success } = await client.exit(USUAL_MS));
  } catch (error) {
    if (!(error instanceof Failure)) throw error; // Other stages tell of it.
  }
  return { word, output: client.program.output, success };
}
