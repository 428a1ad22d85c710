import { delay } from "@std/async/delay";
import { bytesOf, type Classify, type Peer } from "../peer.ts";
import type { Random } from "../subject.ts";

/** The same but for CR and LF; where nothing should come, no more than those. */
export const lineEnds: Classify = (actual, expected) => {
  const isLineEnd = (byte: number) => byte === 0x0d || byte === 0x0a;
  const came = actual.filter((byte) => !isLineEnd(byte));
  const meant = expected.filter((byte) => !isLineEnd(byte));
  const isSame = came.length === meant.length &&
    came.every((byte, i) => byte === meant[i]);
  // That nothing came is something else.
  return isSame && actual.length > 0 ? "line-end" : null;
};

/** It differs at a byte that is no ASCII: somebody has read it as text. */
export const changedText: Classify = (actual, expected) => {
  const at = expected.findIndex((byte, i) => byte !== actual[i]);
  const isText = at >= 0 && expected[at]! >= 0x80 && actual[at]! > 0x20;
  return isText ? "decoded" : null;
};

/**
 * Numbered lines of letters, `length` bytes of them or some more, each of about
 * `lineLength`.
 */
export function linesOf(
  random: Random,
  length: number,
  lineLength = 24,
): Uint8Array {
  const word = random.word(12);
  const body = word.repeat(Math.ceil(lineLength / word.length));
  const lines: string[] = [];
  for (let size = 0, n = 0; size < length; n++) {
    const line = `${n} ${body}\n`;
    size += line.length;
    lines.push(line);
  }
  return bytesOf(lines.join(""));
}

/**
 * Sends all of `data`, with FIN behind it if `ends`, and expects all of it back;
 * but reads nothing at first, so that whatever is between the two is full.
 *
 * @throws {Failure} `gap`: a part in the middle is missing.
 */
export async function readLate(
  client: Peer,
  data: Uint8Array,
  { ends = false } = {},
): Promise<void> {
  const sending = client.send(data).then(() => {
    if (ends) return client.finish();
  });
  await delay(client.patience.quietMs);
  await client.expect(data, gap);
  await sending;
}

/** What comes next is a later part of what was expected. */
export const gap: Classify = (actual, expected) => {
  const at = expected.findIndex((byte, i) => byte !== actual[i]);
  const next = actual.slice(at, at + 24);
  if (at < 0 || next.length < 24) return null;
  const later = new TextDecoder().decode(expected.subarray(at));
  return later.includes(new TextDecoder().decode(next)) ? "gap" : null;
};
