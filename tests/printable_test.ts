import { assertEquals } from "@std/assert";
import {
  counted,
  jsonLine,
  printable,
  visibleLineEnds,
} from "../protocol/text.ts";

const CASES: [name: string, text: string, expected: string][] = [
  ["plain text", "hola, ñ 😀\ttab\n", "hola, ñ 😀\ttab\n"],
  ["CR LF", "a\r\nb\r\n", "a\nb\n"],
  ["CR alone", "a\rb", "a\\x0db"],
  [
    "an escape sequence",
    "\x1b[2J\x1b]0;title\x07",
    "\\x1b[2J\\x1b]0;title\\x07",
  ],
  ["C1 controls", "\u009b31m", "\\x9b31m"],
  ["NUL, BS and DEL", "a\0b\bc\x7f", "a\\x00b\\x08c\\x7f"],
  ["a bidirectional override", "a\u202ecod.exe", "a\\u202ecod.exe"],
];

for (const [name, text, expected] of CASES) {
  Deno.test(`printable() makes ${name} safe`, () => {
    assertEquals(printable(text), expected);
  });
}

Deno.test("visibleLineEnds() shows CR and LF", () => {
  assertEquals(visibleLineEnds("a\r\nb\n"), "a\\r\\nb\\n");
});

Deno.test("jsonLine() escapes what JSON leaves as it is, and stays JSON", () => {
  const value = { name: '\u009b31m\x1b\u202e\x7f\n"ñ' };
  const line = jsonLine(value);
  assertEquals(line, `{"name":"\\u009b31m\\u001b\\u202e\\u007f\\n\\"ñ"}`);
  assertEquals(JSON.parse(line), value);
});

Deno.test("counted() has one file, and several or no files", () => {
  assertEquals([0, 1, 2].map((n) => counted(n, "file")), [
    "0 files",
    "1 file",
    "2 files",
  ]);
});
