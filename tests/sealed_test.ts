/** Sealed messages: the format, what they tell, and what others see of them. */
import {
  assert,
  assertEquals,
  assertMatch,
  assertNotEquals,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { messageServer } from "../exercises/07_message_server.ts";
import type { Screen } from "../exercises/07_chat/screen.ts";
import { SealedScreen } from "../exercises/07_chat/sealed_screen.ts";
import { proxy } from "../exercises/09_proxy.ts";
import { ExerciseError } from "../exercises/cli/outcome.ts";
import { Input } from "../exercises/terminal/input.ts";
import { readSecret } from "../exercises/terminal/secret.ts";
import {
  MAX_SEALED_TEXT_BYTES,
  roomKey,
  Seal,
  type Unsealed,
} from "../protocol/sealed.ts";
import { MAX_LINE_BYTES } from "../protocol/text.ts";
import { Tracer } from "../protocol/transport/trace.ts";
import { Chatter } from "./support/chatter.ts";
import { bytesOf, chunkings, readerOf } from "./support/chunkings.ts";
import { QUIET_HOST } from "./support/network.ts";
import { runScript } from "./support/script.ts";
import { readSyntax } from "./support/syntax.ts";
import { TempFolder } from "./support/temp_folder.ts";
import { HAS_TERMINAL, OnTerminal } from "./support/terminal.ts";

const PASSPHRASE = "correcto caballo, ñandú";
const ROOM = "café";
const TEXT = "¿Dónde está la eñe?";
const CHAT = [
  ...["run", "--no-prompt", `--allow-net=${QUIET_HOST}`, "--allow-read"],
  ...["exercises/07_message_client.ts", QUIET_HOST],
];

/** Made with Python: hashlib.pbkdf2_hmac, and AESGCM of `cryptography`. */
const BY_PYTHON =
  "#s1 AAECAwQFBgcICQoLAnx/Qe9CnkNzki0mbJ8DYdbpkjMLTRfQqvD/rFgnZvpBZi3f0skNjNHD+kyCcYFH9mk/";

const key = await roomKey(PASSPHRASE, ROOM);
const types = (heard: Unsealed[]) => heard.map(({ type }) => type);

/** Opens `line` as the specification says, with nothing of the program's. */
async function openBySpecification(line: string) {
  const { subtle } = crypto;
  const encoder = new TextEncoder();
  const base = await subtle.importKey(
    "raw",
    encoder.encode(PASSPHRASE),
    "PBKDF2",
    false,
    ["deriveBits"],
  );
  const bits = await subtle.deriveBits(
    {
      name: "PBKDF2",
      hash: "SHA-256",
      salt: encoder.encode(ROOM),
      iterations: 600_000,
    },
    base,
    256,
  );
  const key = await subtle.importKey("raw", bits, "AES-GCM", false, [
    "decrypt",
  ]);
  const bytes = bytesIn(line);
  const plain = new Uint8Array(
    await subtle.decrypt(
      { name: "AES-GCM", iv: bytes.subarray(0, 12) },
      key,
      bytes.subarray(12),
    ),
  );
  return {
    session: plain.slice(0, 8),
    number: new DataView(plain.buffer).getUint32(8),
    text: new TextDecoder().decode(plain.subarray(12)),
  };
}

function bytesIn(line: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(line.slice(4)), (byte) => byte.charCodeAt(0));
}

function lineOf(bytes: Uint8Array): string {
  return `#s1 ${btoa(String.fromCharCode(...bytes))}`;
}

Deno.test("Seal opens what another implementation has sealed", async () => {
  assertEquals(await new Seal(key).open(BY_PYTHON), {
    type: "opened",
    session: "160,161,162,163,164,165,166,167",
    text: TEXT,
    missing: 0,
  });
});

Deno.test("what Seal seals opens as the specification says: session, number, text", async () => {
  const seal = new Seal(key);
  const lines = [await seal.seal(TEXT), await seal.seal(TEXT)];
  assertNotEquals(lines[0], lines[1]); // Another nonce.
  const [first, second] = await Promise.all(lines.map(openBySpecification));
  assertEquals([first!.number, second!.number], [1, 2]);
  assertEquals([first!.text, second!.text], [TEXT, TEXT]);
  assertEquals(first!.session, second!.session);
  const other = await openBySpecification(await new Seal(key).seal(TEXT));
  assertNotEquals(other.session, first!.session);
});

const PYTHON = `
import sys, base64, hashlib
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
passphrase, room, line = sys.argv[1:]
key = hashlib.pbkdf2_hmac("sha256", passphrase.encode(), room.encode(), 600000, 32)
data = base64.b64decode(line[4:], validate=True)
plain = AESGCM(key).decrypt(data[:12], data[12:], None)
sys.stdout.buffer.write(plain[8:])
`;

function python(...args: string[]): Deno.CommandOutput | null {
  try {
    return new Deno.Command("python3", { args }).outputSync();
  } catch {
    return null;
  }
}

Deno.test({
  name: "Python opens what Seal seals",
  ignore: !python("-c", "import cryptography")?.success,
  fn: async () => {
    const line = await new Seal(key).seal(TEXT);
    const output = python("-c", PYTHON, PASSPHRASE, ROOM, line);
    assertEquals(
      new TextDecoder().decode(output?.stdout),
      `\x00\x00\x00\x01${TEXT}`,
    );
  },
});

/** Lines of one sender, 0 to 4, in the order in which they come; and what is told. */
const ORDERS: [name: string, order: number[], told: (string | number)[]][] = [
  ["each once, in order", [0, 1, 2], [0, 0, 0]],
  ["one twice", [0, 1, 1, 2], [0, 0, "replayed", 0]],
  ["all again", [0, 1, 0, 1, 2], [0, 0, "replayed", "replayed", 0]],
  ["one left out", [0, 2, 3], [0, 1, 0]],
  ["three left out", [0, 4], [0, 3]],
  ["two changed about", [0, 2, 1, 3], [0, 1, "replayed", 0]],
  ["heard from the middle on", [3, 4], [0, 0]],
  ["what was said before one came", [3, 1], [0, "replayed"]],
];

for (const [name, order, told] of ORDERS) {
  Deno.test(`Seal.open() tells what it hears of one sender: ${name}`, async () => {
    const sender = new Seal(key);
    const lines: string[] = [];
    for (let i = 0; i < 5; i++) lines.push(await sender.seal(`line ${i}`));
    const receiver = new Seal(key);
    const heard: (string | number)[] = [];
    for (const i of order) {
      const line = await receiver.open(lines[i]!);
      if (line.type === "opened") assertEquals(line.text, `line ${i}`);
      heard.push(line.type === "opened" ? line.missing : line.type);
    }
    assertEquals(heard, told);
  });
}

Deno.test("Seal.open() counts the lines of each sender for themselves", async () => {
  const [ana, luis, eva] = [new Seal(key), new Seal(key), new Seal(key)];
  const lines = [
    await ana.seal("a1"),
    await luis.seal("l1"),
    await luis.seal("l2"),
    await ana.seal("a2"),
  ];
  const heard: Unsealed[] = [];
  for (const line of [...lines, lines[1]!]) heard.push(await eva.open(line));
  assertEquals(
    heard.map((line) => line.type === "opened" ? line.missing : line.type),
    [0, 0, 0, 0, "replayed"],
  );
  const sessions = heard.map((line) => line.type === "opened" && line.session);
  assertEquals(sessions[0], sessions[3]);
  assertEquals(sessions[1], sessions[2]);
  assertNotEquals(sessions[0], sessions[1]);
});

Deno.test("Seal.open() takes what it has said itself for a replay", async () => {
  const seal = new Seal(key);
  assertEquals(await seal.open(await seal.seal("hola")), { type: "replayed" });
});

Deno.test("a key is that of one pass phrase and one room, however they are typed", async () => {
  const line = await new Seal(key).seal(TEXT);
  const cases: [passphrase: string, room: string, type: string][] = [
    [PASSPHRASE.normalize("NFD"), ROOM.normalize("NFD"), "opened"],
    [`${PASSPHRASE} `, ROOM, "wrong-key"],
    [PASSPHRASE.toUpperCase(), ROOM, "wrong-key"],
    [PASSPHRASE, "cafe", "wrong-key"],
    [ROOM, PASSPHRASE, "wrong-key"],
  ];
  for (const [passphrase, room, type] of cases) {
    const seal = new Seal(await roomKey(passphrase, room));
    assertEquals((await seal.open(line)).type, type, `${passphrase}, ${room}`);
  }
});

Deno.test("Seal.open() opens no line that was cut off or altered, wherever", async () => {
  const line = await new Seal(key).seal("hola");
  const seal = new Seal(key);
  for (let length = 0; length < line.length; length++) {
    const { type } = await seal.open(line.slice(0, length));
    assert(type !== "opened" && type !== "replayed", `${length}: ${type}`);
    assertEquals(type === "not-sealed", length < 4, `${length}: ${type}`);
  }
  const bytes = bytesIn(line);
  for (let bit = 0; bit < bytes.length * 8; bit++) {
    const altered = bytes.slice();
    altered[bit >> 3]! ^= 1 << (bit & 7);
    const { type } = await seal.open(lineOf(altered));
    assertEquals(type, "wrong-key", `bit ${bit}`);
  }
  // None of these has made it believe anything.
  assertEquals((await seal.open(line)).type, "opened");
});

/** What begins as a sealed line does, and cannot be one. */
const DAMAGED: [name: string, line: string][] = [
  ["nothing in it", "#s1 "],
  ["not base64", "#s1 hola, ana"],
  ["a character that base64 has not", `${BY_PYTHON.slice(0, -1)}*`],
  ["base64 for URLs", BY_PYTHON.replaceAll("/", "_")],
  ["text behind it", `${BY_PYTHON} hola`],
  ["39 bytes: no room for a number", lineOf(new Uint8Array(39))],
];

for (const [name, line] of DAMAGED) {
  Deno.test(`Seal.open() tells damage from a wrong key: ${name}`, async () => {
    assertEquals(await new Seal(key).open(line), { type: "damaged" });
  });
}

Deno.test("Seal.open() tells what is not sealed among what is", async () => {
  const [ana, luis] = [new Seal(key), new Seal(key)];
  const heard = [
    await luis.open(await ana.seal("one")),
    await luis.open("two"),
    await luis.open(" #s1 AAAA"),
    await luis.open("#s2 AAAA"),
    await luis.open(await ana.seal("three")),
  ];
  const expected = ["not-sealed", "not-sealed", "not-sealed"];
  assertEquals(types(heard), ["opened", ...expected, "opened"]);
});

/** Bytes of a text, and of its sealed line. */
const LENGTHS = [[0, 60], [1, 60], [2, 60], [3, 64], [3022, 4088], [
  MAX_SEALED_TEXT_BYTES,
  MAX_LINE_BYTES,
]] as const;

for (const [bytes, sealed] of LENGTHS) {
  Deno.test(`Seal.seal() makes a line of ${sealed} bytes of a text of ${bytes}`, async () => {
    const line = await new Seal(key).seal("a".repeat(bytes));
    assertEquals(line.length, sealed);
    const opened = await new Seal(key).open(line);
    assert(opened.type === "opened");
    assertEquals(opened.text.length, bytes);
  });
}

Deno.test("Seal.seal() refuses a text that makes a line over the limit, in bytes, and counts it not", async () => {
  const seal = new Seal(key);
  for (const text of ["a".repeat(3030), "ñ".repeat(1515), "😀".repeat(758)]) {
    const error = await assertRejects(() => seal.seal(text), RangeError);
    assertMatch(error.message, /at most 3029 bytes, this one has 303[02]$/);
  }
  const { number } = await openBySpecification(await seal.seal("ok"));
  assertEquals(number, 1);
});

/** A screen on which `typed` was typed; keeps what is shown. */
class FakeScreen implements Screen {
  readonly shown: string[] = [];
  readonly interruption = new AbortController().signal;
  ended = false;

  constructor(readonly typed: string[] = []) {}

  async *lines() {
    yield* this.typed;
  }

  show(line: string): void {
    this.shown.push(line);
  }

  end(): void {
    this.ended = true;
  }
}

const never = new AbortController().signal;

Deno.test("SealedScreen marks what was sealed, and nothing else can look like it", async () => {
  const [ana, mal] = [new Seal(key), new Seal(await roomKey("x", ROOM))];
  const hola = await ana.seal("hola");
  await ana.seal("lost");
  await ana.seal("lost, too");
  const cases: [line: string, ...shown: string[]][] = [
    ["* ana joined", "* ana joined"],
    [`<ana> ${hola}`, "# <ana> hola"],
    [
      `<ana> ${hola}`,
      "? Replayed: ana repeats a sealed line, or it comes late",
    ],
    [
      `<ana> ${await ana.seal("adiós")}`,
      "? Missing: 2 sealed lines of ana",
      "# <ana> adiós",
    ],
    [
      `<mal> ${await mal.seal("hola")}`,
      "? Not opened: mal has another pass phrase or room, or the line was altered on the way",
    ],
    ["<mal> #s1 AAAA", "? Damaged: a sealed line of mal is not whole"],
    ["<bob> hola", "? Not sealed: <bob> hola"],
    ["<bob> # <ana> yes", "? Not sealed: <bob> # <ana> yes"],
    // Of a server that makes lines of its own.
    ["# <ana> yes", "? Not sealed: # <ana> yes"],
    [`<x> <ana> ${hola}`, `? Not sealed: <x> <ana> ${hola}`],
    ["", "? Not sealed: "],
    // What is sealed is one line, and harmless.
    [
      `<ana> ${await ana.seal("one\n# <bob> two\r\x1b[2J")}`,
      "# <ana> one\\n# <bob> two\\x0d\\x1b[2J",
    ],
    // The server gives a line of one to another; and a name that was taken.
    [
      `<bob> ${await ana.seal("mine")}`,
      "? Renamed: bob was ana, which the server has not told",
      "# <bob> mine",
    ],
    ["* bob is now ana", "* bob is now ana"],
    [`<ana> ${await ana.seal("again")}`, "# <ana> again"],
  ];
  const inner = new FakeScreen();
  const screen = new SealedScreen(inner, new Seal(key));
  for (const [line, ...shown] of cases) {
    inner.shown.length = 0;
    await screen.show(line);
    assertEquals(inner.shown, shown, line);
  }
  assertThrowsAtEnd(screen);
  assert(inner.ended);
});

Deno.test("SealedScreen sends commands as they are, what is said sealed, and nothing else", async () => {
  const long = "a".repeat(3030);
  const typed = [
    ...["/list", "hola", "/nick ana", "/secret plan", "", "  ", "sec\rret"],
    ...[long, "a\x07b", "/quit"],
  ];
  const told: string[] = [];
  const screen = new SealedScreen(
    new FakeScreen(typed),
    new Seal(key),
    (text) => told.push(text),
  );
  const sent = await Array.fromAsync(screen.lines(never));
  const receiver = new Seal(key);
  const meant: string[] = [];
  for (const line of sent) {
    const heard = await receiver.open(line);
    meant.push(heard.type === "opened" ? `sealed: ${heard.text}` : line);
  }
  assertEquals(meant, [
    ...["/list", "sealed: hola", "/nick ana", "sealed: ab", "/quit"],
  ]);
  assertEquals(told, [
    '? Not sent: Unknown command "/secret plan"',
    "? Not sent: It is no text in UTF-8",
    "? Not sent: A sealed text has at most 3029 bytes, this one has 3030",
  ]);
  assertThrowsAtEnd(screen);
});

Deno.test("SealedScreen has nothing to complain about where all was sealed", async () => {
  const inner = new FakeScreen(["hola", "/quit"]);
  const screen = new SealedScreen(inner, new Seal(key));
  await Array.fromAsync(screen.lines(never));
  await screen.show(`<ana> ${await new Seal(key).seal("hola")}`);
  await screen.show("* Goodbye");
  screen.end();
  assert(inner.ended);
});

function assertThrowsAtEnd(screen: SealedScreen): void {
  let error: unknown;
  try {
    screen.end();
  } catch (thrown) {
    error = thrown;
  }
  assert(error instanceof ExerciseError);
}

Deno.test("what passes on the wire has neither pass phrase, room nor text; members read it, others do not", async () => {
  using folder = new TempFolder({ passphrase: `${PASSPHRASE}\n` });
  let passed = "";
  const tracer = new Tracer(({ data = new Uint8Array() }) =>
    passed += new TextDecoder().decode(data)
  );
  await using server = messageServer(0, { hostname: QUIET_HOST });
  await using wire = proxy(0, QUIET_HOST, server.addr.port, {
    hostname: QUIET_HOST,
    connect: tracer.connect(Deno.connect),
  });
  using other = await Chatter.join(server.addr.port);
  const sealed = [
    ...["--sealed", "--passphrase-file", folder.of("passphrase")],
    ...["--room", ROOM, "--name", "ana", "--trace=json"],
  ];
  const { code, stdout, stderr } = await runScript(
    [...CHAT, `${wire.addr.port}`, ...sealed],
    { input: `${TEXT}\n/secret\n/list\n` },
  );
  await other.expect("* guest-2 joined", "* guest-2 is now ana");
  const heard = await other.next();
  assertMatch(heard!, /^<ana> #s1 [\w+/]+=*$/);
  const opened = await new Seal(key).open(heard!.slice("<ana> ".length));
  assert(opened.type === "opened" && opened.text === TEXT);
  await other.expect("* ana left");
  assertStringIncludes(stdout, "* 2 connected: guest-1, ana\n");
  assertStringIncludes(stderr, '? Not sent: Unknown command "/secret"\n');
  assertEquals(code, 1); // Not all was sent.
  assertMatch(passed, /\r\n#s1 [\w+/]+=*\r\n\/list\r\n/);
  for (const secret of [TEXT, PASSPHRASE, ROOM, "secret", "eñe", "caballo"]) {
    assert(!passed.includes(secret), secret);
  }
  // If it had not been encrypted, wherever in it the groups of base64 begin.
  for (const secret of [TEXT, PASSPHRASE]) {
    for (const before of ["", "x", "xx"]) {
      const bytes = new TextEncoder().encode(before + secret);
      const encoded = btoa(String.fromCharCode(...bytes));
      assert(!passed.includes(encoded.slice(4, -4)), secret);
    }
  }
});

Deno.test("chat refuses half of a sealed conversation, and a pass phrase that it cannot get", async () => {
  using folder = new TempFolder({ empty: "\n" });
  const of = (name: string) => ["--passphrase-file", folder.of(name)];
  const cases: [args: string[], code: number, stderr: RegExp][] = [
    [["--room", "x"], 2, /--room and --passphrase-file go with --sealed/],
    [of("empty"), 2, /--room and --passphrase-file go with --sealed/],
    [["--sealed", ...of("empty")], 1, /The pass phrase is empty\n$/],
    [["--sealed", ...of("nope")], 1, /There is no .*nope/],
    [["--sealed"], 1, /no terminal .*: use --passphrase-file\n$/],
  ];
  await Promise.all(cases.map(async ([args, code, expected]) => {
    // It does not get so far as to connect.
    const result = await runScript([...CHAT, "1", ...args]);
    assertMatch(result.stderr, expected);
    assertEquals(result.code, code, `${args}`);
  }));
});

Deno.test("chat loads nothing of sealed messages before they are asked for", async () => {
  const loaded = new Set<string>();
  async function load(file: string): Promise<void> {
    if (loaded.has(file)) return;
    loaded.add(file);
    for (const { path, typeOnly, lazy } of (await readSyntax(file)).imports) {
      if (path !== null && !typeOnly && !lazy) await load(path);
    }
  }
  await load("exercises/07_message_client.ts");
  assert(loaded.has("exercises/07_chat/open_screen.ts"));
  const sealed = [...loaded].filter((file) => /seal|secret/.test(file));
  assertEquals(sealed, []);
});

const SECRETS: [name: string, keys: string, secret: string][] = [
  ["Enter", "mañana\r", "mañana"],
  ["a pasted line end", "abc\n", "abc"],
  ["what is typed behind it", "abc\rdef", "abc"],
  ["nothing", "\r", ""],
  ["backspace, over one of several bytes", "ab😀\x7fc\x08d\r", "abd"],
  ["backspace at the beginning", "\x7fa\r", "a"],
  ["Ctrl-U", "wrong\x15right\r", "right"],
  ["other keys", "a\x01\tb\x1a\r", "ab"],
];

for (const [name, typed, secret] of SECRETS) {
  Deno.test(`readSecret() takes ${name}`, async () => {
    for (const { name, chunks } of chunkings(bytesOf(typed))) {
      const input = new Input(readerOf(chunks));
      assertEquals(await readSecret(input, never), secret, name);
    }
  });
}

Deno.test("readSecret() adds no arrow keys", async () => {
  const chunks = ["a", "\x1b[D", "b\x1bOA", "\x1b[3~", "c\r"].map(bytesOf);
  assertEquals(await readSecret(new Input(readerOf(chunks)), never), "abc");
});

for (const typed of ["abc\x04", "abc\x03", "abc"]) {
  Deno.test(`readSecret() takes no half secret: ${JSON.stringify(typed)}`, async () => {
    const input = new Input(readerOf([bytesOf(typed)]));
    await assertRejects(() => readSecret(input, never), ExerciseError);
  });
}

Deno.test({
  name:
    "chat --sealed asks for the pass phrase on a terminal, and does not show it",
  ignore: !HAS_TERMINAL, // There is no `script` here.
  fn: async () => {
    await using server = messageServer(0, { hostname: QUIET_HOST });
    using other = await Chatter.join(server.addr.port);
    const args = [...CHAT, `${server.addr.port}`, "--sealed", "--room", ROOM];
    const client = OnTerminal.run([Deno.execPath(), ...args]);
    await client.see("Pass phrase: ");
    await client.type(`x\x7f${PASSPHRASE}\r`);
    const shown = await client.see("* Welcome, guest-2.");
    assert(!shown.includes("caballo") && !shown.includes("*"), shown);
    const ana = new Seal(key);
    await other.expect("* guest-2 joined");
    await other.say(await ana.seal("hola"), "clear");
    await client.see("# <guest-1> hola\r\n");
    await client.see("? Not sealed: <guest-1> clear\r\n");
    await client.type(`${TEXT}\r`);
    const line = await other.next();
    const opened = await ana.open(line!.slice("<guest-2> ".length));
    assert(opened.type === "opened" && opened.text === TEXT);
    await client.type(`${"a".repeat(3030)}\r`);
    await client.see("? Not sent: A sealed text has at most 3029 bytes");
    await client.type("\x04");
    assertEquals((await client.end()).code, 0);
  },
});

Deno.test({
  name:
    "chat --sealed gives the terminal back when it is interrupted at the question",
  ignore: !HAS_TERMINAL, // There is no `script` here.
  fn: async () => {
    const chat = [Deno.execPath(), ...CHAT, "1", "--sealed"].join(" ");
    const client = new OnTerminal(`set -m; ${chat}; echo code $?; stty -a`);
    await client.see("Pass phrase: ");
    await client.type("half\x03");
    const { shown } = await client.end();
    assert(!shown.includes("half"), shown);
    for (const text of ["code 130", "isig ", " icanon ", " echo "]) {
      assertStringIncludes(shown, text);
    }
  },
});

Deno.test({
  name: "chat --sealed shows again what is typed once it has the pass phrase",
  ignore: !HAS_TERMINAL, // There is no `script` here.
  fn: async () => {
    await using server = messageServer(0, { hostname: QUIET_HOST });
    const [run, ...args] = [...CHAT, `${server.addr.port}`, "--sealed"];
    // On one that is not edited on the terminal itself echoes, and ends lines.
    const client = OnTerminal.run(
      [Deno.execPath(), run!, "--allow-env=TERM", ...args],
      { TERM: "dumb" },
    );
    await client.see("Pass phrase: ");
    await client.type("half\r");
    await client.see("* Welcome, guest-1.");
    await client.type("/list\r");
    await client.see("/list\r\n");
    await client.see("* 1 connected: guest-1\r\n");
    await client.type("\x04");
    assertEquals((await client.end()).code, 0);
  },
});
