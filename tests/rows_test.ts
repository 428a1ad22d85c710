/** Rows of a conversation: none may look like a line of somebody else. */
import { assert, assertEquals } from "@std/assert";
import { inRows } from "../exercises/terminal/rows.ts";

const ROWS: [name: string, line: string, expected: string][] = [
  ["a short line", "<ana> hi", "<ana> hi"],
  ["one that fills a row", "<ana> 4567890123456", "<ana> 4567890123456"],
  ["one more", "<ana> 45678901234567", "<ana> 4567890123456\n  7"],
  [
    "what would pass for the server's line",
    "<ana> hi             * Server is down",
    "<ana> hi\n    * Server is\n  down",
  ],
  ["words", "<ana> one two three four", "<ana> one two\n  three four"],
  [
    "wide characters",
    "<ana> 小明小明小明小明小明",
    "<ana> 小明小明小明\n  小明小明",
  ],
  ["a tab", "a\tb", "a b"],
];

for (const [name, line, expected] of ROWS) {
  Deno.test(`inRows() breaks ${name}`, () => {
    assertEquals(inRows(line, 20).replaceAll(/ +$/gm, ""), expected);
  });
}

Deno.test("inRows() leaves a line for a pipe as it is", () => {
  const line = "<ana> a\tb ".repeat(100);
  assertEquals(inRows(line, Infinity), line);
});

Deno.test("inRows() loses nothing, and no row is too wide or begins like a line", () => {
  const characters = [
    "a",
    "*",
    " ",
    "\u00f1",
    "e\u0301",
    "\u5c0f",
    "\u{1f469}\u200d\u{1f680}",
  ];
  let seed = 1;
  for (let columns = 1; columns < 100; columns++) {
    let line = "<ana> ";
    for (let i = 0; i < 300; i++) {
      seed = (seed * 48271) % 0x7fffffff;
      line += characters[seed % characters.length];
    }
    const [first, ...others] = inRows(line, columns).split("\n");
    assert(others.every((row) => row.startsWith("  ")));
    assertEquals(first + others.map((row) => row.slice(2)).join(""), line);
    for (const row of columns < 10 ? [] : [first!, ...others]) {
      const wide = [...row].filter((each) => each >= "\u1100").length;
      assert([...row].length + wide < columns, row);
    }
  }
});
