/** The line that is typed, and the conversation above it: no terminal needed. */
import { assertEquals, assertRejects } from "@std/assert";
import { TerminalScreen } from "../exercises/07_chat/terminal_screen.ts";
import { bytesOf, chunkings } from "./support/chunkings.ts";
import { FakeTerminal } from "./support/fake_terminal.ts";

/** A screen on which somebody types. */
function opened(width?: number) {
  const terminal = new FakeTerminal(width);
  const screen = new TerminalScreen(terminal);
  const stop = new AbortController();
  const lines = Array.fromAsync(screen.lines(stop.signal));
  return { terminal, screen, stop, lines };
}

const LEFT = "\x1b[D";
const RIGHT = "\x1b[C";
const UP = "\x1b[A";
const DOWN = "\x1b[B";
const HOME = "\x1b[H";
const END = "\x1b[F";
const BACKSPACE = "\x7f";
const DELETE = "\x1b[3~";

/** `|` is where the cursor is in the end. */
const EDITS: [name: string, typed: string, expected: string][] = [
  ["text", "hello", "hello|"],
  ["text of all widths", "ñ😀小", "ñ😀小|"],
  ["left and right", `hello${LEFT}${LEFT}${RIGHT}X`, "hellX|o"],
  ["other keys for these", `abc\x02\x02\x06X\x08\x01Y\x05`, "Yabc|"],
  ["those of another mode", "abc\x1bOD\x1bODx\x1bOCy", "axby|c"],
  ["left at the beginning", `a${LEFT}${LEFT}${LEFT}b`, "b|a"],
  ["right at the end", `a${RIGHT}b`, "ab|"],
  ["home and end", `bc${HOME}a${END}d`, "abcd|"],
  ["home and end elsewhere", `bc\x1b[1~a\x1b[4~d\x1bOHe`, "e|abcd"],
  ["backspace", `abc${BACKSPACE}${LEFT}${BACKSPACE}`, "|b"],
  ["backspace at the beginning", `${BACKSPACE}a${HOME}${BACKSPACE}`, "|a"],
  ["delete", `abc${HOME}${DELETE}`, "|bc"],
  ["delete at the end", `abc${DELETE}`, "abc|"],
  ["Ctrl-D in a line", `abc${HOME}\x04`, "|bc"],
  ["Ctrl-U", `ab cd${LEFT}\x15`, "|d"],
  ["Ctrl-K", `ab cd${HOME}${RIGHT}\x0b`, "a|"],
  ["Ctrl-L", "ab\x0c", "ab|"],
  ["Ctrl-W", "one two  \x17", "one |"],
  ["Ctrl-W at the beginning", `one${HOME}\x17`, "|one"],
  ["Ctrl-W in the middle", `one two${LEFT}\x17`, "one |o"],
  ["Ctrl-W on letters of all kinds", "la mañana-小\x17", "la |"],
  ["wide characters", `小明${LEFT}x${BACKSPACE}${BACKSPACE}`, "|明"],
  ["a tab", `a\tb${LEFT}${LEFT}x`, "ax|\tb"],
  ["control characters", "a\x9bb\x00\x07\x1c\x1f\u202ec", "abc|"],
  ["Ctrl-Z", "a\x1ab", "ab|"],
  ["unknown sequences", "a\x1b[1;2Pb\x1b[[Ac\x1bOPd\x1b[24~e\x1bxf", "abcdef|"],
  ["up", `one\rtwo\r${UP}`, "two|"],
  ["up and up", `one\rtwo\r${UP}${UP}`, "one|"],
  ["Ctrl-P and Ctrl-N", "one\rtwo\r\x10\x10\x0e", "two|"],
  ["up beyond the first, to what was begun", `one\rx${HOME}${UP}${UP}`, "|"],
  ["down to what was begun", `one\rnew${UP}${DOWN}`, "new|"],
  ["down beyond it", `one\rnew${DOWN}${DOWN}`, "new|"],
  ["a line twice, in the history once", `a\rb\rb\r${UP}${UP}`, "a|"],
  ["an empty line is not remembered", `a\r\r  \r${UP}`, "a|"],
  ["an edited line of the history", `ab\r${UP}${BACKSPACE}\r${UP}${UP}`, "ab|"],
];

for (const [name, typed, expected] of EDITS) {
  Deno.test(`TerminalScreen edits, however a read is cut: ${name}`, async () => {
    for (const { name, chunks } of chunkings(bytesOf(typed))) {
      const { terminal, lines } = opened();
      await terminal.type(...chunks, "|\r", "\x04");
      assertEquals((await lines).at(-1), expected, name);
    }
  });
}

Deno.test("TerminalScreen moves over and deletes what a person takes for one", async () => {
  for (const one of ["é", "e\u0301", "👩‍🚀", "🇪🇸", "क्षि"]) {
    const { terminal, lines } = opened();
    await terminal.type(`a${one}b${LEFT}${LEFT}${DELETE}\r`);
    await terminal.type(`a${one}${BACKSPACE}${one}${LEFT}${RIGHT}b\r\x04`);
    assertEquals(await lines, ["ab", `a${one}b`], one);
  }
});

Deno.test("TerminalScreen gives the lines that are typed, and shows them", async () => {
  const { terminal, screen, lines } = opened();
  await terminal.type("he", "llo\rse", "cond");
  assertEquals(terminal.rows, ["> hello", "> second"]);
  assertEquals([terminal.cursor, terminal.raw], [[8, 0], true]);
  await terminal.type("\r\x04");
  assertEquals(await lines, ["hello", "second"]);
  assertEquals(terminal.rows, ["> hello", "> second"]);
  assertEquals([terminal.raw, screen.interruption.aborted], [false, false]);
});

Deno.test("TerminalScreen ends when the terminal is gone", async () => {
  const { terminal, lines } = opened();
  await terminal.type("a\rb\rc\rd", null);
  assertEquals(await lines, ["a", "b", "c"]);
  assertEquals(terminal.raw, false);
});

Deno.test("TerminalScreen passes on what is wrong with the keyboard", async () => {
  const terminal = new FakeTerminal();
  terminal.next = () => Promise.reject(new RangeError("no keyboard"));
  const screen = new TerminalScreen(terminal);
  const { signal } = new AbortController();
  await assertRejects(() => Array.fromAsync(screen.lines(signal)), RangeError);
  assertEquals(terminal.raw, false);
});

// In 20 columns: `typed` after the text, and where the cursor is then.
const WRAPPED: [name: string, typed: string, column: number, up: number][] = [
  ["at its end", "", 6, 0],
  ["at its beginning", HOME, 2, 2],
  ["at the end of a row", HOME + RIGHT.repeat(17), 19, 2],
  ["at the beginning of a row", HOME + RIGHT.repeat(18), 0, 1],
  ["below its first row", HOME + RIGHT.repeat(20), 2, 1],
];

for (const [name, typed, ...cursor] of WRAPPED) {
  Deno.test(`TerminalScreen keeps a line that wraps below what comes: cursor ${name}`, async () => {
    const { terminal, screen, stop, lines } = opened(20);
    // A key at a time: it wraps while it is typed.
    await terminal.type(
      ..."abcdefghijklmnopqrstuvwxyz0123456789.小明小",
      typed,
    );
    const typing = ["> abcdefghijklmnopqr", "stuvwxyz0123456789.", "小明小"];
    const said: string[] = [];
    for (const letter of ["a", "b", "c"]) {
      assertEquals(terminal.rows, [...said, ...typing]);
      assertEquals(terminal.cursor, cursor);
      screen.show(`<ana> ${letter}`);
      said.push(`<ana> ${letter}`);
      await terminal.type("");
    }
    // Of the line that is left, nothing stays.
    stop.abort();
    await lines;
    assertEquals(terminal.rows, said);
  });

  Deno.test(`TerminalScreen draws a line that wraps on a terminal of another width: cursor ${name}`, async () => {
    const { terminal, screen, stop, lines } = opened(20);
    screen.show("<ana> hi");
    const text = "abcdefghijklmnopqrstuvwxyz0123456789.abcdef";
    await terminal.type(text, typed);
    for (const width of [10, 44, 45, 46, 7, 20]) {
      terminal.width = width;
      screen.redraw();
      assertEquals(terminal.rows.join(""), `<ana> hi> ${text}`);
      assertEquals(terminal.rows[0], width > 7 ? "<ana> hi" : "<ana> h");
    }
    stop.abort();
    await lines;
    assertEquals(terminal.rows, ["<ana> hi"]);
  });
}

Deno.test("TerminalScreen draws the line once, below all that comes at once", async () => {
  const { terminal, screen, stop, lines } = opened();
  await terminal.type("half a line");
  let written = "";
  const { write } = terminal;
  terminal.write = (text) => {
    written += text;
    write.call(terminal, text);
  };
  screen.show("<ana> first");
  screen.show("<bob> \x1b[2Jsecond");
  while (!written.includes("half")) {
    await new Promise((resolve) => setTimeout(resolve));
  }
  assertEquals(written.split("half a line").length, 2);
  const said = ["<ana> first", "<bob> \\x1b[2Jsecond"];
  assertEquals(terminal.rows, [...said, "> half a line"]);
  assertEquals(terminal.printed, said);
  stop.abort();
  await lines;
  // There is no line to draw any more.
  screen.show("* Goodbye");
  assertEquals(terminal.rows, [...said, "* Goodbye"]);
});

Deno.test("TerminalScreen ends at Ctrl-C, and says that it was that", async () => {
  const { terminal, screen, lines } = opened();
  await terminal.type("half\x03x\r");
  assertEquals(await lines, []);
  assertEquals([terminal.raw, screen.interruption.aborted], [false, true]);
  assertEquals(terminal.rows, []);
});

Deno.test("TerminalScreen hears Ctrl-C while a line is still being sent", async () => {
  const terminal = new FakeTerminal();
  const screen = new TerminalScreen(terminal);
  const { signal } = new AbortController();
  // Who takes the line does not come back for the next.
  const lines = screen.lines(signal);
  const one = lines.next();
  await terminal.type("one\r", "\x03");
  assertEquals((await one).value, "one");
  assertEquals([terminal.raw, screen.interruption.aborted], [false, true]);
  // What comes now finds no line to draw.
  screen.show("* Goodbye");
  assertEquals(terminal.rows, ["> one", "* Goodbye"]);
  await lines.return(undefined);
});

Deno.test("TerminalScreen takes 60,000 characters, and deletes them", async () => {
  const { terminal, lines } = opened();
  const word = "ñ".repeat(60_000);
  await terminal.type(word, "\x17", `${word} x`, "\x17", "y\r\x04");
  assertEquals(await lines, [`${word} y`]);
});

const [BEGIN, FINISH] = ["\x1b[200~", "\x1b[201~"];
const BLOCK = `${BEGIN}uno\r\rtres\r${FINISH}`;

/** What is pasted, what is on the screen before Enter, what is sent then. */
const PASTES: [name: string, typed: string, seen: string, lines: string[]][] = [
  ["a block", BLOCK, "uno\u2424\u2424tres", ["uno", "", "tres"]],
  ["CR LF, LF", `${BEGIN}a\r\nb\nc${FINISH}`, "a\u2424b\u2424c", [
    "a",
    "b",
    "c",
  ]],
  [
    "a block behind what was half typed",
    `half${BLOCK}`,
    "half\u2424uno\u2424\u2424tres",
    ["half", "uno", "", "tres"],
  ],
  [
    "one in the middle of it",
    `half${LEFT}${LEFT}${BEGIN}a\rb${FINISH}`,
    "ha\u2424a\u2424b\u2424lf",
    ["ha", "a", "b", "lf"],
  ],
  [
    "two",
    BLOCK + `${BEGIN}x\ry${FINISH}!`,
    "uno\u2424\u2424tres\u2424x\u2424y!",
    [
      "uno",
      "",
      "tres",
      "x",
      "y!",
    ],
  ],
  ["a part of a line", `a${BEGIN}b c${FINISH}d`, "ab cd", ["ab cd"]],
  ["a line and its end", `a${BEGIN}b\r${FINISH}c`, "abc", ["abc"]],
  ["nothing", `a${BEGIN}${FINISH}b`, "ab", ["ab"]],
  [
    "keys, which do nothing there",
    `${BEGIN}a\x03\x04\x1b[A\x7f\x15~b${FINISH}~c`,
    "a~b~c",
    ["a~b~c"],
  ],
  ["other line ends", "a\u2028b\u2029c", "a\u2424b\u2424c", ["a", "b", "c"]],
];

for (const [name, typed, seen, expected] of PASTES) {
  Deno.test(`TerminalScreen keeps a paste together until Enter: ${name}`, async () => {
    for (const { name, chunks } of chunkings(bytesOf(typed))) {
      const { terminal, lines } = opened();
      await terminal.type(...chunks);
      assertEquals(terminal.rows, [`> ${seen}`], name);
      await terminal.type("\r\x04");
      assertEquals(await lines, expected, name);
      assertEquals(
        terminal.rows,
        expected.map((line) => `> ${line}`.trimEnd()),
        name,
      );
    }
  });
}

Deno.test("TerminalScreen answers /help itself, and says it to nobody", async () => {
  const { terminal, lines } = opened();
  await terminal.type("/help\rhi");
  const help = "/list: who is here. /nick <name>: take another name. " +
    "/quit or Ctrl-D: leave.";
  await terminal.type("");
  assertEquals(terminal.rows, ["> /help", help, "> hi"]);
  assertEquals(terminal.printed, []);
  await terminal.type("\r\x04");
  assertEquals(await lines, ["hi"]);
});
