/** What one client can send, however it is cut, and what comes of it. */
import { assert, assertEquals } from "@std/assert";
import { messageServer } from "../exercises/07_message_server.ts";
import { nextTurn } from "../protocol/transport/turn.ts";
import { MessageHub } from "../servers/messages/hub.ts";
import { messageHandler } from "../servers/messages/message_handler.ts";
import { Outbox } from "../servers/messages/outbox.ts";
import { Metrics } from "../servers/metrics.ts";
import { Chatter } from "./support/chatter.ts";
import { bytesOf, chunkings, readerOf } from "./support/chunkings.ts";
import { fakeConn } from "./support/fake_conn.ts";
import { FakePeer } from "./support/fake_peer.ts";
import { figureOf } from "./support/figures.ts";
import { QUIET_HOST } from "./support/network.ts";
import { Random } from "./support/random.ts";

const WELCOME = "* Welcome, guest-2. Commands: /list, /nick <name>, /quit\r\n";

/** What a client hears and what another does, when it sends `chunks`. */
async function play(chunks: Uint8Array[]) {
  const hub = new MessageHub();
  const handle = messageHandler(hub);
  const other = new FakePeer();
  const outbox = new Outbox(other, 1 << 20);
  const watcher = hub.join(outbox, "watcher");
  const { signal } = new AbortController();
  const conn = fakeConn(readerOf(chunks));
  await handle(conn.connection, { signal });
  conn.connection.close();
  hub.dismiss(watcher, "end");
  await outbox.ended;
  outbox[Symbol.dispose]();
  const heard = other.text.split("\r\n").slice(1, -1);
  assert(conn.ended(), "there was no FIN");
  assert(conn.written().startsWith(WELCOME), conn.written());
  return { self: conn.written().slice(WELCOME.length), others: heard };
}

const JOINED = "* guest-2 joined";
const LEFT = "* guest-2 left";
const TOO_LONG = "! Line is longer than 4096 bytes\r\n";

interface Case {
  name: string;
  input: string | Uint8Array;
  /** What the client itself hears after its welcome. */
  self?: string;
  /** What the others hear between joined and left. */
  others?: string[];
}

const NOT_TEXT = "! A line is text in UTF-8, and ends with LF or CR LF\r\n";

const CASES: Case[] = [
  { name: "nothing", input: "" },
  { name: "a line", input: "hola\r\n", others: ["<guest-2> hola"] },
  { name: "a line with LF alone", input: "hola\n", others: ["<guest-2> hola"] },
  {
    name: "CR alone, no line end",
    input: "ho\rla\nb\r\r\n",
    self: NOT_TEXT.repeat(2),
  },
  { name: "only CR", input: "hola\r" },
  { name: "an unfinished line", input: "a\nunfin", others: ["<guest-2> a"] },
  { name: "an unfinished command", input: "/qui" },
  {
    name: "two lines",
    input: "a\nb\r\n",
    others: ["<guest-2> a", "<guest-2> b"],
  },
  { name: "a split ñ", input: "ñ\n", others: ["<guest-2> ñ"] },
  { name: "a split 😀", input: "😀\n", others: ["<guest-2> 😀"] },
  {
    name: "a command",
    input: "/list\r\n",
    self: "* 2 connected: guest-1, guest-2\r\n",
  },
  {
    name: "two commands",
    input: "/nick ana\n/list\n",
    self: "* guest-2 is now ana\r\n* 2 connected: guest-1, ana\r\n",
    others: ["* guest-2 is now ana", "* ana left"],
  },
  { name: "/quit", input: "/quit\nheard?\n", self: "* Goodbye\r\n" },
  {
    name: "an unknown command",
    input: "/what\n",
    self: '! Unknown command "/what"\r\n',
  },
  { name: "NUL bytes", input: "a\0b\n\0\0\n", self: NOT_TEXT.repeat(2) },
  {
    name: "escape sequences",
    input: "\x1b[31mred\x1b]0;title\x07\x9b2J\n",
    others: ["<guest-2> [31mred]0;title2J"],
  },
  { name: "a tab", input: "a\tb\n", others: ["<guest-2> a\tb"] },
  {
    name: "invalid UTF-8",
    input: Uint8Array.of(0x61, 0xff, 0xc3, 0x0a, 0xb1, 0x0a),
    self: NOT_TEXT.repeat(2),
  },
  { name: "empty lines", input: "\r\n \t \n\n" },
];

for (const { name, input, self = "", others = [] } of CASES) {
  Deno.test(`messageHandler() hears ${name} however it is cut`, async () => {
    const bytes = typeof input === "string" ? bytesOf(input) : input;
    const left = others.at(-1)?.endsWith(" left") ? [] : [LEFT];
    for (const chunking of chunkings(bytes)) {
      const heard = await play(chunking.chunks);
      assertEquals(heard, {
        self,
        others: [JOINED, ...others, ...left],
      }, chunking.name);
    }
  });
}

Deno.test("MessageHub tells who was too slow, if it reads in time", async () => {
  const left: string[] = [];
  const hub = new MessageHub(({ event, name, reason }) => {
    if (event === "leave") left.push(`${name}: ${reason}`);
  });
  const peers = [new FakePeer(0), new FakePeer(), new FakePeer()];
  const clients = peers.map((peer) =>
    hub.join(new Outbox(peer, 64 * 1024, 60_000), "peer")
  );
  const [slow, speaker] = [clients[0]!, clients[1]!];
  const text = "x".repeat(4000);
  while (left.length === 0) {
    hub.hear(speaker, { type: "say", text });
    await nextTurn();
  }
  assertEquals(left, ["guest-1: too slow"]);
  peers[0]!.read(Infinity);
  await slow.outbox.ended;
  const heard = peers[0]!.text.split("\r\n").slice(0, -1);
  // Whole lines up to a point, and then why there are no more.
  const said = heard.filter((line) => line === `<guest-2> ${text}`);
  const bytes = said.length * (text.length + "<guest-2> \r\n".length);
  assert(bytes > 0 && bytes <= 64 * 1024, `${bytes} bytes`);
  assertEquals(heard.at(-1), "! You read too slowly: over 65536 bytes wait");
  for (const { outbox } of clients) outbox[Symbol.dispose]();
});

Deno.test("messageHandler() sends all that there is to tell before it ends", async () => {
  const hub = new MessageHub();
  const conn = fakeConn(readerOf([bytesOf("/list\n/nick ana\n")]), 10);
  const { signal } = new AbortController();
  await messageHandler(hub)(conn.connection, { signal });
  conn.connection.close();
  assertEquals(
    conn.written(),
    WELCOME.replace("2", "1") +
      "* 1 connected: guest-1\r\n* guest-1 is now ana\r\n",
  );
  assert(conn.ended());
});

Deno.test("messageHandler() takes a line at the limit, and refuses one over it", async () => {
  const fits = "x".repeat(4096);
  for (const size of [1, 100, 1000, 4097, 100_000]) {
    const bytes = bytesOf(`${fits}\r\n${fits}y\r\nnext\n`);
    const chunks = [];
    for (let at = 0; at < bytes.length; at += size) {
      chunks.push(bytes.subarray(at, at + size));
    }
    assertEquals(await play(chunks), {
      self: TOO_LONG,
      others: [JOINED, `<guest-2> ${fits}`, "<guest-2> next", LEFT],
    }, `${size} bytes per read`);
  }
});

Deno.test("messageHandler() refuses a line of 1 MB once, and goes on behind it", async () => {
  const chunk = bytesOf("x".repeat(65536));
  const chunks = [...Array(16).fill(chunk), bytesOf("end\nnext\n")];
  assertEquals(await play(chunks), {
    self: TOO_LONG,
    others: [JOINED, "<guest-2> next", LEFT],
  });
});

const WORDS = ["/", "/nick ", "/list", "ñ", "\x1b[", "\r", "guest-", "\0", " "];

/** Bytes that look a little like what the server knows. */
function randomInput(random: Random): Uint8Array {
  switch (random.below(5)) {
    case 0: {
      const length = random.below(60);
      return Uint8Array.from({ length }, () => random.below(256));
    }
    case 1:
      return bytesOf(random.pick(WORDS) + "x".repeat(random.below(30)) + "\n");
    case 2:
      return bytesOf(random.pick(WORDS) + random.pick(WORDS) + "\r\n");
    case 3:
      return bytesOf("y".repeat(random.below(100) === 0 ? 5000 : 20) + "\n");
    default:
      return bytesOf(random.below(200) === 0 ? "\n/quit\n" : "\n");
  }
}

Deno.test("messageServer() serves on after 100,000 random inputs", async () => {
  const random = new Random(42);
  const metrics = new Metrics();
  await using server = messageServer(0, { hostname: QUIET_HOST, metrics });
  const { port } = server.addr;
  let inputs = 0;
  await Promise.all(Array.from({ length: 10 }, async () => {
    while (inputs < 100_000) {
      using chatter = await Chatter.join(port);
      let ended = false;
      const reading = (async () => {
        while (await chatter.next() !== null);
      })().catch(() => {}).finally(() => ended = true);
      for (let i = 0; i < 500 && !ended; i++, inputs++) {
        await chatter.send(randomInput(random));
      }
      if (random.below(2) === 0) await chatter.conn.closeWrite();
      else chatter.conn.close();
      await reading;
    }
  }));
  // How many of the others a reset has destroyed depends on who was faster.
  const lines = await figureOf(metrics, "tcplab_chat_lines_total");
  assert(lines > 10_000, `${lines} lines`);
  // What the last of them sent is still being heard.
  while (await figureOf(metrics, "tcplab_chat_members") > 0) {
    await new Promise((resolve) => setTimeout(resolve));
  }
  using ana = await Chatter.join(port);
  await ana.say("/nick ana", "/list");
  await ana.expect(`* ${ana.name} is now ana`, "* 1 connected: ana");
});

Deno.test("messageHandler() lets the kernel look after links that are dead", async () => {
  const fake = fakeConn(readerOf([]));
  const hub = new MessageHub();
  const { signal } = new AbortController();
  await messageHandler(hub)(fake.connection, { signal });
  assertEquals(fake.keepAlive(), true);
});
