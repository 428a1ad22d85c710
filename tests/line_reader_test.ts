import { assertEquals, assertRejects } from "@std/assert";
import { LineTooLongError, UnexpectedEndError } from "../protocol/errors.ts";
import { LineReader } from "../protocol/transport/line_reader.ts";
import { bytesOf, chunkings, readerOf } from "./support/chunkings.ts";

/** All lines to the end; an error becomes its name, and ends the list. */
async function readAll(reader: LineReader): Promise<(string | null)[]> {
  const lines: (string | null)[] = [];
  for (;;) {
    try {
      const line = await reader.readLine();
      lines.push(line);
      if (line === null) return lines;
    } catch (error) {
      lines.push(`(${(error as Error).name})`);
      if (!(error instanceof LineTooLongError)) return lines;
    }
  }
}

const CASES: [name: string, input: string, expected: (string | null)[]][] = [
  ["nothing", "", [null]],
  ["one line", "hello\r\n", ["hello", null]],
  ["LF alone", "hello\n", ["hello", null]],
  ["empty lines", "\r\n\n", ["", "", null]],
  ["two lines", "a\r\nb\n", ["a", "b", null]],
  ["CR alone stays", "a\rb\r\n", ["a\rb", null]],
  ["only one CR goes", "a\r\r\n", ["a\r", null]],
  ["two-byte character", "ñ\r\n", ["ñ", null]],
  ["four-byte character", "a😀b\n", ["a😀b", null]],
  ["U+FEFF is data", "\uFEFFx\n", ["\uFEFFx", null]],
  ["NUL is data", "a\0b\n", ["a\0b", null]],
  ["end in a line", "a\nb", ["a", "(UnexpectedEndError)"]],
  ["end between CR and LF", "a\r", ["(UnexpectedEndError)"]],
  ["at the limit", "12345678\r\nx\n", ["12345678", "x", null]],
  ["at the limit, LF", "12345678\nx\n", ["12345678", "x", null]],
  ["over it by one", "123456789\r\nx\n", ["(LineTooLongError)", "x", null]],
  ["far over it", `${"y".repeat(40)}\nx\n`, ["(LineTooLongError)", "x", null]],
  ["two over it", "123456789\n123456789\nx\n", [
    "(LineTooLongError)",
    "(LineTooLongError)",
    "x",
    null,
  ]],
  ["end in one over it", "123456789", [
    "(LineTooLongError)",
    "(UnexpectedEndError)",
  ]],
  ["limit counts bytes", "ññññ\r\nñññññ\r\n", [
    "ññññ",
    "(LineTooLongError)",
    null,
  ]],
];

for (const [name, input, expected] of CASES) {
  Deno.test(`LineReader.readLine() reads ${name} however it is cut`, async () => {
    for (const chunking of chunkings(bytesOf(input))) {
      const reader = new LineReader(readerOf(chunking.chunks), {
        maxLineBytes: 8,
      });
      assertEquals(await readAll(reader), expected, chunking.name);
    }
  });
}

Deno.test("LineReader.readLine() turns bytes that are not UTF-8 into U+FFFD", async () => {
  const bytes = Uint8Array.of(0x61, 0xff, 0xc3, 0x0a);
  for (const chunking of chunkings(bytes)) {
    const reader = new LineReader(readerOf(chunking.chunks));
    assertEquals(await reader.readLine(), "a\ufffd\ufffd", chunking.name);
  }
});

Deno.test("LineReader takes a line of 4096 bytes and refuses one of 4097", async () => {
  const fits = "x".repeat(4096);
  const input = `${fits}\r\n${fits}y\r\n${fits}\n`;
  const reader = new LineReader(readerOf([bytesOf(input)]));
  assertEquals(await reader.readLine(), fits);
  await assertRejects(() => reader.readLine(), LineTooLongError);
  assertEquals(await reader.readLine(), fits);
  assertEquals(await reader.readLine(), null);
});

Deno.test("LineReader keeps its buffer small under a line that never ends", async () => {
  let largest = 0;
  let reads = 0;
  const reader = new LineReader({
    read(buffer) {
      largest = Math.max(largest, buffer.length);
      if (++reads > 1000) return Promise.resolve(null);
      buffer.fill(0x78);
      return Promise.resolve(buffer.length);
    },
  });
  await assertRejects(() => reader.readLine(), LineTooLongError);
  await assertRejects(() => reader.readLine(), UnexpectedEndError);
  assertEquals(largest <= 4099, true, `a read of ${largest} bytes`);
});

Deno.test("LineReader gives lines, exact bytes and the rest from one buffer", async () => {
  const input = bytesOf("SIZE 5\r\nab\ncdOK\r\nrest");
  for (const chunking of chunkings(input)) {
    const reader = new LineReader(readerOf(chunking.chunks));
    assertEquals(await reader.readLine(), "SIZE 5");
    assertEquals(await reader.readExactly(5), bytesOf("ab\ncd"));
    assertEquals(await reader.readLine(), "OK", chunking.name);
    assertEquals(await reader.readExactly(4), bytesOf("rest"));
    assertEquals(await reader.read(new Uint8Array(1)), null);
  }
});

Deno.test("LineReader.readExactly() says how far it came when input ends", async () => {
  const reader = new LineReader(readerOf([bytesOf("abc")]));
  const error = await assertRejects(
    () => reader.readExactly(5),
    UnexpectedEndError,
  );
  assertEquals(error.message, "Input ended after 3 of 5 bytes");
});

Deno.test("LineReader passes on what its source throws", async () => {
  const reset = new Deno.errors.ConnectionReset("reset");
  const reader = new LineReader(readerOf([bytesOf("ab")], reset));
  await assertRejects(() => reader.readLine(), Deno.errors.ConnectionReset);
});
