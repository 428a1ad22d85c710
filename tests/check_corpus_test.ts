/**
 * A few programs of the corpus, so that `deno task test` sees each role grade;
 * `deno task corpus` has all of them.
 */
import { assertEquals } from "@std/assert";
import {
  commandOf,
  entries,
  type Entry,
  gradeEntry,
  verdictOf,
} from "./check/corpus.ts";

/** They wait more than they work. */
const LANES = 6;

/** One right program of each role, and one wrong one that is soon known. */
const CHOSEN = [
  "echoserver/right_threads.py",
  "echoserver/strict_decode.py",
  "daytimeserver/right_threads.py",
  "daytimeserver/lf_only.py",
  "server/right_threads.py",
  "server/constant.py",
  "msgserver/right_threads.py",
  "msgserver/hears_itself.py",
  "fileserver/right_threads.py",
  "fileserver/splits_at_spaces.mjs",
  "echo/right_threads.py",
  "echo/ascii_pieces.py",
  "daytime/right_recv.py",
  "daytime/raw_print.py",
  "client/right_buffer.py",
  "client/raw_print.py",
  "chat/right_threads.py",
  "chat/no_newline.py",
  "files/right_buffer.py",
  "files/words.py",
  "scan/table.py",
  "scan/inverted.py",
];

Deno.test("check names the bug of a wrong program of each role, and passes a right one", async () => {
  const all = await entries();
  const left = all.filter(({ role, program }) =>
    CHOSEN.includes(`${role}/${program}`)
  );
  const found: [string, string[]][] = [];
  const expected = left.map(({ role, program, bugs }) =>
    [`${role}/${program}`, bugs.toSorted()] as [string, string[]]
  );
  const lane = async () => {
    for (let entry = left.shift(); entry; entry = left.shift()) {
      found.push([`${entry.role}/${entry.program}`, await verdict(entry)]);
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  assertEquals(new Map(found), new Map(expected));
});

async function verdict(entry: Entry): Promise<string[]> {
  const command = await commandOf(entry);
  // Node need not be here.
  if (command === null) return entry.bugs.toSorted();
  const grade = await gradeEntry(entry, command, "test");
  const seen = grade.results.filter(({ failure }) => failure !== null)
    .map(({ name, failure }) => `${name} ${failure?.symptom}`);
  return seen.length > 0 && grade.bugs.length === 0 ? seen : verdictOf(grade);
}
