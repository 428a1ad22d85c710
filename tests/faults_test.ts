import { assert, assertEquals, assertRejects } from "@std/assert";
import {
  chosenFaults,
  faultList,
  formatFault,
  presets,
} from "../exercises/09_proxy/fault_list.ts";
import { UsageError } from "../exercises/cli/outcome.ts";
import {
  disturbed,
  FAULTS,
  mulberry32,
} from "../protocol/transport/faults/mod.ts";
import { isReset } from "../protocol/transport/mod.ts";
import { writeAll } from "../protocol/transport/copy.ts";
import { bytesOf, chunkings } from "./support/chunkings.ts";
import { FakeSocket } from "./support/fake_socket.ts";
import { SteppedTime } from "./support/stepped_time.ts";

const { parse } = faultList("");
const LETTERS = "abcdefghijklmnopqrstuvwxyz";

/** A direction with these faults, and what arrives at its end. */
function direction(
  faults: string,
  { seed = 1, bytesPerWrite = Infinity, input = [] as string[] } = {},
) {
  const time = new SteppedTime();
  const end = new FakeSocket(time.now, bytesPerWrite, ...input);
  const next = mulberry32(seed);
  const tools = { ...time, random: () => next() / 2 ** 32 };
  const settings = parse(faults);
  return { time, end, settings, socket: disturbed(end, settings, tools) };
}

/** Writes all of `chunks` and FIN, while the time goes on. */
async function send(
  { socket, time }: ReturnType<typeof direction>,
  chunks: Iterable<Uint8Array>,
): Promise<void> {
  let sent = false;
  const sending = (async () => {
    for (const chunk of chunks) {
      const lent = chunk.slice();
      await writeAll(socket, lent);
      lent.fill(0); // It was lent only.
    }
    await socket.closeWrite();
  })().finally(() => sent = true);
  sending.catch(() => {}); // Looked at below.
  while (!sent) await time.advance(1000);
  await sending;
}

const HARMLESS = [
  "slice=3,gap=20",
  "delay=100,jitter=90",
  "rate=1000",
  "glue=10",
  "hold=500",
  "cut=1000",
  "half-close=1000",
  "reset=1000",
  "silence=1000",
  "corrupt=1000",
  "delay=5,slice=1,gap=1,glue=3,rate=100",
];

Deno.test("every fault passes all on, in order, with its end, however it comes", async () => {
  const tried = new Set(HARMLESS.flatMap(parse).map(({ name }) => name));
  assertEquals([...tried].sort(), Object.keys(FAULTS).sort());
  for (const faults of HARMLESS) {
    for (const { name, chunks } of chunkings(bytesOf(LETTERS))) {
      for (const bytesPerWrite of [Infinity, 2]) {
        const way = direction(faults, { bytesPerWrite });
        await send(way, chunks);
        const { text, ended } = way.end;
        assertEquals([text, ended], [LETTERS, true], `${faults}, ${name}`);
      }
    }
  }
});

const AT_OFFSETS: [faults: string, text: string, ended: boolean][] = [
  ["cut=10", "abcdefghij", true],
  ["cut=26", LETTERS, true],
  ["half-close=10", "abcdefghij", true],
  ["silence=10", "abcdefghij", false],
  ["silence=0", "", false],
  ["slice=3,cut=10", "abcdefghij", true],
  ["cut=10,slice=3", "abcdefghij", true],
  ["delay=50,cut=10,half-close=3", "abc", true],
];

for (const [faults, text, ended] of AT_OFFSETS) {
  Deno.test(`${faults} acts at that very byte, however it comes`, async () => {
    for (const { name, chunks } of chunkings(bytesOf(LETTERS))) {
      for (const bytesPerWrite of [Infinity, 3]) {
        const way = direction(faults, { bytesPerWrite });
        await send(way, chunks);
        assertEquals([way.end.text, way.end.ended], [text, ended], name);
        assertEquals(way.end.closeReason, undefined);
      }
    }
  });
}

Deno.test("reset=10 passes 10 bytes, sends RST and tells who relays", async () => {
  for (const faults of ["reset=10", "delay=5,reset=10", "reset=10,slice=4"]) {
    for (const { name, chunks } of chunkings(bytesOf(LETTERS))) {
      const way = direction(faults);
      await assertRejects(
        () => send(way, chunks),
        Deno.errors.ConnectionReset,
        "on purpose",
      );
      assertEquals([way.end.text, way.end.ended], ["abcdefghij", false], name);
      assert(isReset(way.end.closeReason));
    }
  }
});

Deno.test("after cut nobody listens to the peer; after half-close somebody does", async () => {
  for (const [faults, heard] of [["cut=3", null], ["half-close=3", 4]]) {
    const { socket } = direction(`${faults}`, { input: ["more"] });
    await writeAll(socket, bytesOf("abc"));
    assertEquals(await socket.read(new Uint8Array(10)), heard);
  }
});

Deno.test("slice=1,gap=20: one byte a write, 20 ms apart, and no Nagle", async () => {
  const way = direction("slice=1,gap=20");
  await send(way, [bytesOf("abc"), bytesOf("d")]);
  assertEquals(way.end.noDelay, true);
  assertEquals(way.end.writes, [
    { text: "a", ms: 0 },
    { text: "b", ms: 20 },
    { text: "c", ms: 40 },
    { text: "d", ms: 60 },
  ]);
});

Deno.test("corrupt=40 flips one bit of byte 40, the same for the same seed", async () => {
  const sent = "x".repeat(100);
  const flipped = new Set<number>();
  for (let seed = 0; seed < 50; seed++) {
    for (const chunks of [[bytesOf(sent)], [bytesOf(sent.slice(50)), 50]]) {
      const way = direction("corrupt=40", { seed, bytesPerWrite: 7 });
      const parts = chunks.map((chunk) =>
        typeof chunk === "number" ? bytesOf("x".repeat(chunk)) : chunk
      );
      await send(way, parts);
      const { text } = way.end;
      assertEquals(text.replace(text[40]!, "x"), sent);
      flipped.add(text.charCodeAt(40) ^ 0x78);
      if (chunks.length === 1) continue;
      const again = direction("corrupt=40", { seed });
      await send(again, [bytesOf(sent)]);
      assertEquals(again.end.text, text);
    }
  }
  assertEquals([...flipped].sort((a, b) => a - b), [
    ...[1, 2, 4, 8, 16, 32, 64, 128],
  ]);
});

Deno.test("delay=200: all comes 200 ms later, and holds nobody up", async () => {
  const { socket, time, end } = direction("delay=200");
  await writeAll(socket, bytesOf("a"));
  await time.advance(100);
  await writeAll(socket, bytesOf("b")); // "a" is still on its way.
  await time.advance(1000);
  assertEquals(end.writes, [{ text: "a", ms: 200 }, { text: "b", ms: 300 }]);
});

Deno.test("jitter is chance, in order, and the same for the same seed", async () => {
  const times = async (seed: number) => {
    const { socket, time, end } = direction("delay=50,jitter=40", { seed });
    for (const letter of LETTERS) {
      await writeAll(socket, bytesOf(letter));
      await time.advance(10);
    }
    await time.advance(1000);
    assertEquals(end.text, LETTERS);
    return end.writes.flatMap(({ text, ms }) => [...text].map(() => ms));
  };
  const first = await times(7);
  assertEquals(await times(7), first);
  assert(`${await times(8)}` !== `${first}`);
  const late = first.map((ms, i) => ms - i * 10);
  assert(late.every((ms) => ms >= 10 && ms <= 90), `${late}`);
});

Deno.test("what is held back is bounded: who writes more waits", async () => {
  const { socket, time } = direction("delay=1000");
  const chunk = new Uint8Array(64 * 1024);
  let written = 0;
  const writing = (async () => {
    for (let i = 0; i < 100; i++) written += await socket.write(chunk);
  })();
  await time.advance(999);
  assertEquals(written, 1024 * 1024);
  for (let i = 0; i < 10; i++) await time.advance(1000);
  await writing;
});

Deno.test("glue=50: what comes within 50 ms goes on as one", async () => {
  const { socket, time, end } = direction("glue=50");
  for (const text of ["one\n", "two\n"]) await writeAll(socket, bytesOf(text));
  await time.advance(50);
  await writeAll(socket, bytesOf("three\n"));
  await Promise.all([socket.closeWrite(), time.advance(50)]);
  assertEquals(end.writes, [
    { text: "one\ntwo\n", ms: 50 },
    { text: "three\n", ms: 100 },
  ]);
});

Deno.test("rate=1000: a thousand bytes take a second", async () => {
  const way = direction("rate=1000");
  await send(way, [new Uint8Array(3000)]);
  const last = way.end.writes.at(-1)!.ms;
  assert(last >= 2850 && last <= 3000, `${last}`);
  assertEquals(Math.max(...way.end.writes.map(({ text }) => text.length)), 50);
});

Deno.test("hold=500 says nothing first, and its end comes no sooner", async () => {
  for (const chunks of [[bytesOf("ab"), bytesOf("c")], []]) {
    const way = direction("hold=500");
    let ended = false;
    const sending = (async () => {
      for (const chunk of chunks) await writeAll(way.socket, chunk);
      await way.socket.closeWrite();
      ended = true;
    })();
    await way.time.advance(499);
    assertEquals([way.end.text, way.end.ended, ended], ["", false, false]);
    await way.time.advance(1);
    await sending;
    assertEquals(way.end.text, chunks.length > 0 ? "abc" : "");
  }
});

Deno.test("a fault that waits does not outlast its connection", async () => {
  for (const faults of ["hold=500", "slice=1,gap=500", "rate=1"]) {
    const { socket, time, end } = direction(faults);
    const writing = writeAll(socket, bytesOf("abc"));
    await time.advance(1);
    socket.close();
    await assertRejects(() => writing, Deno.errors.Interrupted);
    assertEquals(end.closeReason, null);
  }
  const { socket, time } = direction("delay=500");
  await socket.write(bytesOf("abc"));
  const ending = socket.closeWrite();
  await time.advance(1);
  socket.close();
  await assertRejects(() => ending, Deno.errors.Interrupted);
});

Deno.test("a fault that is switched off passes on, after what it held back", async () => {
  const { socket, time, end, settings } = direction("delay=100,corrupt=1");
  await writeAll(socket, bytesOf("ab"));
  for (const setting of settings) setting.on = false;
  const writing = writeAll(socket, bytesOf("cd"));
  await time.advance(50);
  assertEquals(end.text, "");
  await time.advance(50);
  await writing;
  assertEquals(end.writes.map(({ text }) => text), ["ab", "cd"]);
  for (const setting of settings) setting.on = true;
  const rest = writeAll(socket, bytesOf("ef"));
  await time.advance(100);
  await rest;
  // The bytes before did not count: it has seen "e" and "f".
  assertEquals(end.text.slice(0, 5), "abcde");
  assert(end.text[5] !== "f");
});

Deno.test("without a fault nothing stands in the way", () => {
  const { socket, end } = direction("");
  assertEquals(socket, end);
  assertEquals(end.noDelay, false);
});

const PARSED: [text: string, faults: string[]][] = [
  ["slice=1,gap=20", ["slice=1,gap=20"]],
  ["slice=1,corrupt=40", ["slice=1", "corrupt=40"]],
  ["delay=200,jitter=50,cut=7", ["delay=200,jitter=50", "cut=7"]],
  ["half-close=10,silence=0", ["half-close=10", "silence=0"]],
  ["cut=9,cut=5", ["cut=9", "cut=5"]],
];

const REFUSED: [text: string, says: string][] = [
  ["slice", "Expected a number in slice=<bytes> from 1"],
  ["slice=0", 'from 1 to 2147483647, got "0"'],
  ["slice=1,gap=-1", "Expected a number in gap=<ms> from 0"],
  ["slice=1.5", '"1.5"'],
  ["slice=1=2", '"1=2"'],
  ["delay=99999999999", "to 2147483647"],
  ["gap=20", 'Unknown fault "gap": there are slice=<bytes>,gap=<ms>; delay'],
  ["delay=5,gap=20", 'Unknown fault "gap"'],
  ["constructor=1", 'Unknown fault "constructor"'],
  ["slice=1,", 'Unknown fault ""'],
  [" slice=1", 'Unknown fault " slice"'],
];

Deno.test("faults are written as slice=1,gap=20, in the order in which they act", () => {
  for (const [text, expected] of PARSED) {
    assertEquals(parse(text).map(formatFault), expected);
    assert(parse(text).every(({ on }) => on));
  }
  for (const [text, says] of REFUSED) {
    try {
      parse(text);
    } catch (error) {
      assert(error instanceof UsageError);
      assert(error.message.includes(says), error.message);
      continue;
    }
    throw new Error(`${text} was taken`);
  }
});

Deno.test("a preset comes first; what stands in both directions is one fault", () => {
  for (const preset of presets) {
    const [up, down, both] = ["cut=1", "cut=2", "cut=3"].map(parse);
    const faults = chosenFaults({ preset, up: up!, down: down!, both: both! });
    assertEquals(faults.up.slice(-2).map(formatFault), ["cut=1", "cut=3"]);
    assertEquals(faults.down.slice(-2).map(formatFault), ["cut=2", "cut=3"]);
    assertEquals(faults.up.at(-1), faults.down.at(-1));
    assertEquals(faults.up.length + faults.down.length > 4, preset !== "none");
  }
});
