import { bytesOf, type Classify, type Peer } from "../peer.ts";
import type { ServerUnderTest } from "../server_under_test.ts";
import { Failure, type Symptom } from "../stage.ts";
import { type FileName, servedFile } from "./served_folder.ts";

/** How a reply begins. What begins otherwise belongs to no reply. */
const REPLY = /^(SENDING_FILE|FILES|ERROR|CANCELLED|BYE)\b/;

/** So many lists fill the buffer of a program, and their commands do not. */
const MANY_LISTS = "LIST\r\n".repeat(160);

/**
 * A client of a server that serves our folder.
 *
 * @throws {Skip} It serves another one.
 */
export function clientOf(server: ServerUnderTest): Promise<Peer> {
  server.dir;
  return server.connect();
}

export async function command(client: Peer, line: string): Promise<void> {
  await client.send(`${line}\r\n`);
}

/** Asks for a file, and gets it. */
export async function getFile(
  client: Peer,
  name: FileName,
  classify: Classify = () => null,
): Promise<void> {
  await command(client, `GET ${name}`);
  await announcement(client, name, classify);
  await command(client, "READY");
  await body(client, name, classify);
}

/**
 * The next line must announce the file.
 *
 * @throws {Failure} `extra`: it is no reply; `wrong`: it is another one.
 * `classify` gets the size, both in digits.
 */
export async function announcement(
  client: Peer,
  name: FileName,
  classify: Classify = () => null,
): Promise<void> {
  const { length } = servedFile(name);
  const line = await client.line();
  const start = `SENDING_FILE ${name} `;
  if (line.trimEnd() === `${start}${length}`) return;
  const size = line.startsWith(start) ? line.slice(start.length) : "";
  const better = classify(bytesOf(size), bytesOf(`${length}`));
  throw wrongLine(
    client,
    better ?? wrongOrExtra(line),
    `${start}${length}`,
    line,
  );
}

/** The next bytes must be those of the file; what follows stays unread. */
export async function body(
  client: Peer,
  name: FileName,
  classify: Classify = () => null,
): Promise<void> {
  await client.expect(
    servedFile(name),
    (actual, expected) => classify(actual, expected) ?? extra(actual, expected),
  );
}

/** The next line must begin with `word`. @returns It. */
export async function reply(client: Peer, word: string): Promise<string> {
  const line = await client.line();
  if (RegExp(`^${word}\\b`).test(line)) return line;
  throw wrongLine(client, wrongOrExtra(line), word, line);
}

/**
 * Why nothing came: what waits in a buffer of the program comes when the buffer
 * is full, or at the end.
 */
export async function whyLate(error: unknown, client: Peer): Promise<unknown> {
  const isLate = error instanceof Failure && client.end === "open" &&
    (error.symptom === "silent" || error.symptom === "short");
  if (!isLate) return error;
  await client.send(MANY_LISTS);
  const came = await client.receive(client.patience.quietMs);
  if (came !== null) {
    const text = new TextDecoder().decode(came);
    const isNext = /^(FILES|ERROR|CANCELLED)/.test(text);
    return isNext ? error : client.failure("unflushed");
  }
  await client.finish();
  const last = await client.receive(client.patience.quietMs);
  return last === null ? error : client.failure("late");
}

export function wrongLine(
  client: Peer,
  symptom: Symptom,
  expected: string,
  line: string,
): Failure {
  const [wanted, actual] = [bytesOf(expected), bytesOf(line)];
  const at = wanted.findIndex((byte, i) => byte !== actual[i]);
  return client.failure(symptom, wanted, actual, Math.max(at, 0));
}

function wrongOrExtra(line: string): Symptom {
  return REPLY.test(line) ? "wrong" : "extra";
}

/** All of the body is there, and something before it. */
const extra: Classify = (actual, expected) => {
  if (expected.length > 1000) return null;
  const latin = new TextDecoder("latin1");
  const at = latin.decode(actual).indexOf(latin.decode(expected));
  return at > 0 ? "extra" : null;
};
