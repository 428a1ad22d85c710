/** The wire format of exercise 7: lines to commands, events to lines. */
import { assert, assertEquals } from "@std/assert";
import {
  type ClientCommand,
  formatServerLine,
  MAX_SERVER_LINE_BYTES,
  parseClientLine,
  type ServerLine,
} from "../protocol/messages.ts";
import {
  guestName,
  isReserved,
  nicknameKey,
  parseNickname,
} from "../protocol/nickname.ts";
import { bytesOf } from "./support/chunkings.ts";

const say = (text: string): ClientCommand => ({ type: "say", text });
const nick = (name: string): ClientCommand => ({ type: "nick", name });

const LINES: [line: string, expected: ClientCommand][] = [
  ["hello", say("hello")],
  ["  hello  ", say("  hello  ")],
  ["a\tb", say("a\tb")],
  ["ñ 😀", say("ñ 😀")],
  ["ab\x07c\x7f\x9b31md", say("abc31md")],
  ["\x1b[2J\x1b]0;title\x07x", say("[2J]0;titlex")],
  ["a\rb", { type: "not-text" }],
  ["a\r\0b", { type: "not-text" }],
  ["\r", { type: "not-text" }],
  ["a\u202eb", say("ab")],
  ["<ana> hello", say("<ana> hello")],
  [" /quit", say(" /quit")],
  ["", { type: "empty" }],
  [" \t ", { type: "empty" }],
  ["\x07\x1b", { type: "empty" }],
  ["\0\x1b", { type: "not-text" }],
  ["/list", { type: "list" }],
  ["/list ", { type: "list" }],
  ["/list of things", { type: "list" }],
  ["/quit", { type: "quit" }],
  ["/quit bye", { type: "quit" }],
  ["\x07/quit", { type: "quit" }],
  ["\0/quit", { type: "not-text" }],
  ["/nick ana", nick("ana")],
  ["/nick\t ana  ", nick("ana")],
  ["/nick ana maria", nick("ana maria")],
  ["/nick", nick("")],
  ["/what", { type: "unknown", word: "/what" }],
  ["/what is this", { type: "unknown", word: "/what" }],
  ["/quitter", { type: "unknown", word: "/quitter" }],
  ["/LIST", { type: "unknown", word: "/LIST" }],
  ["/", { type: "unknown", word: "/" }],
  ["//", { type: "unknown", word: "//" }],
  ["x".repeat(4096), say("x".repeat(4096))],
  ["ñ".repeat(2048), say("ñ".repeat(2048))],
  ["\ufffd".repeat(1366), { type: "not-text" }],
  ["\ufffd\ufffd\u0018", { type: "not-text" }], // Telnet's IAC DO TIMING-MARK.
];

for (const [line, expected] of LINES) {
  const name = JSON.stringify(line.slice(0, 24));
  Deno.test(`parseClientLine() reads ${name} as ${expected.type}`, () => {
    assertEquals(parseClientLine(line), expected);
  });
}

const SERVER_LINES: [line: ServerLine, expected: string][] = [
  [
    { type: "welcome", name: "guest-1" },
    "* Welcome, guest-1. Commands: /list, /nick <name>, /quit",
  ],
  [{ type: "joined", name: "guest-1" }, "* guest-1 joined"],
  [{ type: "left", name: "ana" }, "* ana left"],
  [
    { type: "renamed", from: "guest-1", to: "ana" },
    "* guest-1 is now ana",
  ],
  [{ type: "said", name: "guest-1", text: "hello" }, "<guest-1> hello"],
  [
    { type: "listed", count: 2, names: ["guest-1", "guest-2"] },
    "* 2 connected: guest-1, guest-2",
  ],
  [{ type: "goodbye" }, "* Goodbye"],
  [{ type: "shutdown" }, "* Server is shutting down"],
  [
    { type: "refused", refusal: { type: "unknown-command", word: "/what" } },
    '! Unknown command "/what"',
  ],
  [
    { type: "refused", refusal: { type: "line-too-long" } },
    "! Line is longer than 4096 bytes",
  ],
  [
    { type: "refused", refusal: { type: "no-nickname" } },
    "! A nickname is 1 to 20 letters, digits, _ or -",
  ],
  [
    { type: "refused", refusal: { type: "nickname-taken", name: "ana" } },
    '! Nickname "ana" is taken',
  ],
  [
    {
      type: "refused",
      refusal: { type: "nickname-reserved", name: "guest-9" },
    },
    '! Nickname "guest-9" is reserved for guests',
  ],
  [{ type: "refused", refusal: { type: "full" } }, "! Server is full"],
  [
    { type: "refused", refusal: { type: "idle", idleMs: 60_000 } },
    "! Nothing was heard from you for 60000 ms",
  ],
  [
    { type: "refused", refusal: { type: "too-slow", queueBytes: 1048576 } },
    "! You read too slowly: over 1048576 bytes wait",
  ],
];

for (const [line, expected] of SERVER_LINES) {
  Deno.test(`formatServerLine() writes ${expected}`, () => {
    assertEquals(formatServerLine(line), expected);
  });
}

Deno.test("formatServerLine() lists as many names as a line holds", () => {
  const names = Array.from({ length: 10_000 }, (_, i) => guestName(i + 1));
  const line = formatServerLine({ type: "listed", count: 10_000, names });
  assert(bytesOf(line).length <= 4096);
  const [, list = "", left] = /^\* 10000 connected: (.+) and (\d+) more$/
    .exec(line)!;
  const listed = list.split(", ");
  assertEquals(listed, names.slice(0, listed.length));
  assertEquals(listed.length + Number(left), 10_000);
  assert(listed.length > 350);
});

Deno.test("the longest line of the server holds the longest name and text", () => {
  const name = parseNickname("\u{20000}".repeat(20))!;
  const text = "x".repeat(4096);
  const longest = formatServerLine({ type: "said", name, text });
  assertEquals(bytesOf(longest).length, MAX_SERVER_LINE_BYTES);
});

Deno.test("formatServerLine() cuts what it quotes", () => {
  const command = parseClientLine(`/${"x".repeat(4000)}`);
  assertEquals(command.type, "unknown");
  const refusal = {
    type: "unknown-command",
    word: `/${"x".repeat(4000)}`,
  } as const;
  const line = formatServerLine({ type: "refused", refusal });
  assert(line.length < 100 && line.endsWith('..."'), line);
});

const NICKNAMES: [text: string, expected: string | null][] = [
  ["ana", "ana"],
  ["A-n_a9", "A-n_a9"],
  ["ñandú", "ñandú"],
  ["n\u0303andu\u0301", "ñandú"],
  ["Ольга", "Ольга"],
  ["小明", "小明"],
  ["हिन्दी", "हिन्दी"],
  ["٣", "٣"],
  ["a", "a"],
  ["a".repeat(20), "a".repeat(20)],
  ["😀", null],
  ["a".repeat(21), null],
  ["", null],
  ["ana maria", null],
  ["ana.", null],
  ["<ana>", null],
  ["\u0301a", null],
  ["a\u200db", null],
  ["\u3164", null],
  ["a\u202eb", null],
  ["½", null],
];

for (const [text, expected] of NICKNAMES) {
  Deno.test(`parseNickname(${JSON.stringify(text)}) is ${expected}`, () => {
    assertEquals(parseNickname(text), expected);
  });
}

Deno.test("nicknameKey() is the same for names that count as the same", () => {
  const same = [
    ["ana", "Ana", "ANA", "ａｎａ"],
    ["straße", "STRASSE", "STRAẞE"],
    ["ñ", "Ñ", "n\u0303"],
    ["σας", "ΣΑΣ", "σασ"],
    ["ΐ", "\u03aa\u0301"],
  ];
  for (const names of same) {
    assertEquals(new Set(names.map(nicknameKey)).size, 1, names.join(" "));
  }
  const keys = ["ana", "aña", "anna", "\u0430n\u0430"].map(nicknameKey);
  assertEquals(new Set(keys).size, keys.length);
});

Deno.test("isReserved() keeps every name that a guest could get", () => {
  for (const name of ["guest-1", "GUEST-2", "Guest-x", "ｇuest-3", "guest-"]) {
    assertEquals(isReserved(name), true, name);
  }
  for (const name of ["guest", "guests", "guest_1", "my-guest-1"]) {
    assertEquals(isReserved(name), false, name);
  }
});
