/** Keys, and the line that they make: no terminal needed. */
import { assert, assertEquals } from "@std/assert";
import { type Key, KeyReader } from "../exercises/07_chat/keys.ts";
import { LineEditor } from "../exercises/07_chat/line_editor.ts";
import { bytesOf, chunkings } from "./support/chunkings.ts";

/** Keys as a text: `a`, `<enter>`. Runs of text are put together. */
function shown(keys: Key[]): string {
  return keys.map((key) => "name" in key ? `<${key.name}>` : key.text).join("");
}

const KEYS: [typed: string, expected: string][] = [
  ["hello", "hello"],
  ["ñ😀小", "ñ😀小"],
  ["a\tb", "a\tb"],
  ["\r\n\r", "<enter><enter><enter>"],
  ["a\x7f\b", "a<backspace><backspace>"],
  [
    "\x01\x02\x03\x04\x05\x06",
    "<home><left><interrupt><endOfInput><end><right>",
  ],
  [
    "\x0b\x0c\x0e\x10\x15\x17",
    "<deleteToEnd><redraw><down><up><deleteToStart><deleteWord>",
  ],
  ["\x1b[A\x1b[B\x1b[C\x1b[D", "<up><down><right><left>"],
  ["\x1bOA\x1bOB\x1bOC\x1bOD", "<up><down><right><left>"],
  ["\x1b[H\x1b[F\x1bOH\x1bOF", "<home><end><home><end>"],
  ["\x1b[1~\x1b[4~\x1b[7~\x1b[8~\x1b[3~", "<home><end><home><end><delete>"],
  // What it does not know leaves nothing behind.
  ["a\x1b[1;5Cb\x1b[200~c\x1b[[Ad\x1bOPe\x1b[24~f", "abcdef"],
  ["a\x1bxb", "ab"],
  ["\x1b\x1b[A", "<up>"],
  ["a\x00\x07\x1a\x1fb", "ab"],
  // Escape, and text that looks a little like a sequence.
  ["\x1b[ñ", "[ñ"],
];

for (const [typed, expected] of KEYS) {
  Deno.test(`KeyReader reads ${JSON.stringify(typed)} however it is cut`, () => {
    for (const { name, chunks } of chunkings(bytesOf(typed))) {
      const reader = new KeyReader();
      const keys = chunks.flatMap((chunk) => reader.read(chunk));
      assertEquals(shown(keys), expected, name);
    }
  });
}

Deno.test("KeyReader keeps no more than the beginning of a sequence", () => {
  const reader = new KeyReader();
  assertEquals(reader.read(bytesOf("\x1b[1;")), []);
  assertEquals(shown(reader.read(bytesOf("2".repeat(100)))).length, 103);
});

Deno.test("KeyReader takes an Escape that nothing follows at once for that key", () => {
  let ms = 0;
  const reader = new KeyReader(() => ms);
  assertEquals(reader.read(bytesOf("a\x1b")), [{ text: "a" }]);
  ms = 50;
  assertEquals(reader.read(bytesOf("[D")), [{ name: "left" }]);
  assertEquals(reader.read(bytesOf("\x1b")), []);
  ms = 500;
  assertEquals(reader.read(bytesOf("h")), [{ text: "h" }]);
});

/** Types into an editor, `|` is the cursor. */
function type(typed: string, editor = new LineEditor()): string {
  const reader = new KeyReader();
  for (const key of reader.read(bytesOf(typed))) {
    if (editor.onKey(key) === "enter") editor.take();
  }
  const { text, cursor } = editor.render("", 1000);
  // All columns here are one wide but those of wide characters.
  let at = 0;
  for (let columns = 0; columns < cursor; at++) {
    const code = text.charCodeAt(at);
    columns += code > 0x2fff && code < 0xd800 ? 2 : 1;
  }
  assertEquals(editor.text.replaceAll("\t", " "), text);
  return `${text.slice(0, at)}|${text.slice(at)}`;
}

const LEFT = "\x1b[D";
const RIGHT = "\x1b[C";
const UP = "\x1b[A";
const DOWN = "\x1b[B";
const HOME = "\x1b[H";
const END = "\x1b[F";
const BACKSPACE = "\x7f";
const DELETE = "\x1b[3~";

const EDITS: [name: string, typed: string, expected: string][] = [
  ["text", "hello", "hello|"],
  ["left and right", `hello${LEFT}${LEFT}${RIGHT}X`, "hellX|o"],
  ["left at the beginning", `a${LEFT}${LEFT}${LEFT}b`, "b|a"],
  ["right at the end", `a${RIGHT}b`, "ab|"],
  ["home and end", `bc${HOME}a${END}d`, "abcd|"],
  ["backspace", `abc${BACKSPACE}${LEFT}${BACKSPACE}`, "|b"],
  ["backspace at the beginning", `${BACKSPACE}a${HOME}${BACKSPACE}`, "|a"],
  ["delete", `abc${HOME}${DELETE}`, "|bc"],
  ["delete at the end", `abc${DELETE}`, "abc|"],
  ["Ctrl-D in a line", `abc${HOME}\x04`, "|bc"],
  ["Ctrl-U", `ab cd${LEFT}\x15`, "|d"],
  ["Ctrl-K", `ab cd${HOME}${RIGHT}\x0b`, "a|"],
  ["Ctrl-W", "one two  \x17", "one |"],
  ["Ctrl-W in the middle", `one two${LEFT}\x17`, "one |o"],
  ["wide characters", `小明${LEFT}x${BACKSPACE}${BACKSPACE}`, "|明"],
  ["a tab", `a\tb${LEFT}${LEFT}x`, "ax| b"],
  ["control characters", "a\x9bb", "ab|"],
  ["up", `one\rtwo\r${UP}`, "two|"],
  ["up and up", `one\rtwo\r${UP}${UP}`, "one|"],
  ["up beyond the first", `one\r${UP}${UP}${UP}`, "one|"],
  ["down to what was begun", `one\rnew${UP}${DOWN}`, "new|"],
  ["down beyond it", `one\rnew${DOWN}${DOWN}`, "new|"],
  ["a line twice, in the history once", `a\rb\rb\r${UP}${UP}`, "a|"],
  ["an empty line is not remembered", `a\r\r  \r${UP}`, "a|"],
  ["an edited line of the history", `ab\r${UP}${BACKSPACE}\r${UP}${UP}`, "ab|"],
];

for (const [name, typed, expected] of EDITS) {
  Deno.test(`LineEditor: ${name}`, () => assertEquals(type(typed), expected));
}

Deno.test("LineEditor moves over and deletes what a person takes for one", () => {
  for (const one of ["é", "e\u0301", "👩‍🚀", "🇪🇸", "क्षि"]) {
    const editor = new LineEditor();
    editor.onKey({ text: `a${one}b` });
    editor.onKey({ name: "left" });
    editor.onKey({ name: "left" });
    editor.onKey({ name: "delete" });
    assertEquals(editor.text, "ab", one);
    editor.onKey({ text: one });
    editor.onKey({ name: "backspace" });
    assertEquals(editor.text, "ab", one);
  }
});

Deno.test("LineEditor says what follows from a key", () => {
  const editor = new LineEditor();
  assertEquals(editor.onKey({ name: "endOfInput" }), "endOfInput");
  assertEquals(editor.onKey({ text: "a" }), "none");
  assertEquals(editor.onKey({ name: "home" }), "none");
  assertEquals(editor.onKey({ name: "endOfInput" }), "none");
  assertEquals(editor.text, "");
  assertEquals(editor.onKey({ name: "interrupt" }), "interrupt");
  assertEquals(editor.onKey({ name: "enter" }), "enter");
});

const WINDOWS: [
  typed: string,
  columns: number,
  text: string,
  cursor: number,
][] = [
  ["abc", 10, "> abc", 5],
  ["abcdefg", 10, "> abcdefg", 9],
  ["abcdefgh", 10, "> bcdefgh", 9],
  [`abcdefgh${HOME}`, 10, "> abcdefg", 2],
  // A quarter of the row shows what is behind the cursor.
  [`abcdefghijklmnop${LEFT.repeat(4)}`, 10, "> ghijklm", 8],
  // A wide character is shown whole or not at all.
  ["小明小明小", 10, "> 小明小", 8],
  ["小明小明", 10, "> 明小明", 8],
  ["abc", 1, "> c", 3],
];

for (const [typed, columns, text, cursor] of WINDOWS) {
  Deno.test(`LineEditor shows ${JSON.stringify(typed)} in ${columns} columns`, () => {
    const editor = new LineEditor();
    const reader = new KeyReader();
    for (const key of reader.read(bytesOf(typed))) editor.onKey(key);
    assertEquals(editor.render("> ", columns), { text, cursor });
  });
}

Deno.test("LineEditor takes a paste of a megabyte", () => {
  const editor = new LineEditor();
  for (const key of new KeyReader().read(bytesOf("ñ".repeat(500_000)))) {
    editor.onKey(key);
  }
  assertEquals(editor.text.length, 500_000);
  assert(editor.render("> ", 80).text.length < 80);
});
