import { bytesOf, type Peer } from "../peer.ts";
import type { ClientUnderTest } from "../client_under_test.ts";
import { Failure, type Symptom } from "../stage.ts";

/** What a name ends with while its file is on the way. */
const UNFINISHED = /\.(part|partial|tmp|temp|download|crdownload)$/i;

/** A file that a stage offers: no other stage has this name or these bytes. */
export interface Offer {
  /** Whatever the client calls the file, this is in its name. */
  word: string;
  name: string;
  data: Uint8Array;
}

/** A file of some lines. */
export function offerOf(
  { random }: ClientUnderTest,
  nameOf = (word: string) => `${word}.txt`,
): Offer {
  const word = random.word(5);
  const lines = Array.from({ length: 30 }, () => `${random.word(6)}\n`);
  return { word, name: nameOf(word), data: bytesOf(lines.join("")) };
}

/**
 * The file must be in the client's folder when it has ended, under the name that
 * it asked for or one like it.
 *
 * @throws {Failure} What is there in its place.
 */
export async function mustHave(
  client: ClientUnderTest,
  server: Peer,
  offer: Offer,
): Promise<void> {
  const { success } = await client.exit();
  const files = await filesOf(client.dir, offer);
  const isSame = files.some((data) => difference(data, offer.data) === null);
  if (isSame) return;
  const [data] = files.sort((a, b) => b.length - a.length);
  if (data === undefined) {
    throw new Failure(success ? "missing" : "rejects", null, client.ending());
  }
  const at = commonLength(data, offer.data);
  throw server.failure(difference(data, offer.data)!, offer.data, data, at);
}

/** @throws {Failure} `extra`: behind the file stands what does not belong to it. */
export async function mustNotHaveMore(
  client: ClientUnderTest,
  server: Peer,
  { data: whole, ...offer }: Offer,
): Promise<void> {
  for (const data of await filesOf(client.dir, offer)) {
    if (difference(data, whole) === "extra") {
      throw server.failure("extra", whole, data, whole.length);
    }
  }
}

/** Whether there is a file for the offer, not only the beginning of one. */
export async function isKept(
  client: ClientUnderTest,
  offer: Offer,
): Promise<boolean> {
  return (await filesOf(client.dir, offer)).length > 0;
}

/** Removes what an earlier try has left: some clients replace no file. */
export async function forget(dir: string, offer: Offer): Promise<void> {
  for (const path of await pathsOf(dir, offer)) await Deno.remove(path);
}

/** The contents of what is there for it, and is no longer on the way. */
async function filesOf(
  dir: string,
  offer: Pick<Offer, "word">,
): Promise<Uint8Array[]> {
  const paths = await pathsOf(dir, offer);
  const finished = paths.filter((path) => !UNFINISHED.test(path));
  return await Promise.all(finished.map((path) => Deno.readFile(path)));
}

/** In the folder or below. */
async function pathsOf(
  dir: string,
  offer: Pick<Offer, "word">,
): Promise<string[]> {
  const paths: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(dir)) {
    const path = `${dir}/${name}`;
    if (isDirectory) paths.push(...await pathsOf(path, offer));
    else if (name.includes(offer.word)) paths.push(path);
  }
  return paths;
}

function difference(data: Uint8Array, whole: Uint8Array): Symptom | null {
  const common = commonLength(data, whole);
  if (common === whole.length) return data.length > common ? "extra" : null;
  if (data.length === 0) return "empty";
  if (common === data.length) return "cut";
  const end = whole.subarray(whole.length - data.length);
  return commonLength(data, end) === data.length ? "gap" : "changed";
}

function commonLength(a: Uint8Array, b: Uint8Array): number {
  const at = a.findIndex((byte, i) => byte !== b[i]);
  return at < 0 ? Math.min(a.length, b.length) : at;
}
