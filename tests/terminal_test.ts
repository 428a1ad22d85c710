/** Progress, input, log, deadlines: what stands between a lesson and a person. */
import { assert, assertEquals, assertRejects } from "@std/assert";
import { ExerciseError } from "../exercises/cli/outcome.ts";
import { keepingZone } from "../exercises/cli/server_command.ts";
import { formatLogEntry } from "../exercises/cli/server_log.ts";
import { Input } from "../exercises/terminal/input.ts";
import { Progress, renderProgress } from "../exercises/terminal/progress.ts";
import { Deadline, TimeoutError } from "../protocol/transport/deadline.ts";
import { ServerScript } from "./support/script.ts";
import { HAS_TERMINAL, OnTerminal } from "./support/terminal.ts";
import { bytesOf, chunkings, readerOf } from "./support/chunkings.ts";
import { FakeTime } from "./support/fake_time.ts";

Deno.test("renderProgress() shows share, amount, rate and time left", () => {
  assertEquals(
    renderProgress("Scan", { done: 512, total: 1024, elapsedMs: 500 }),
    "[##########----------] 50%  512/1024  1024/s  1s left  Scan",
  );
  assertEquals(
    renderProgress("Scan", { done: 0, total: 10, elapsedMs: 0 }),
    "[--------------------] 0%  0/10  0/s  Scan",
  );
  assertEquals(
    renderProgress("Scan", { done: 10, total: 10, elapsedMs: 1000 }),
    "[####################] 100%  10/10  10/s  Scan",
  );
  assertEquals(
    renderProgress("Go on", { done: 6, total: 10, from: 4, elapsedMs: 1000 }),
    "[############--------] 60%  6/10  2/s  2s left  Go on",
  );
  assertEquals(
    renderProgress(
      "Get",
      { done: 1, total: 7201, elapsedMs: 1000 },
      (n) => `${n} B`,
    ),
    "[--------------------] 0%  1 B/7201 B  1 B/s  2h left  Get",
  );
});

Deno.test("Progress shows nothing of what takes but a moment, and takes the rest away", () => {
  let nowMs = 0;
  let written = "";
  const settings = {
    enabled: true,
    now: () => nowMs,
    write: (text: string) => void (written += text),
  };
  const run = (...times: number[]) => {
    written = "";
    nowMs = 0;
    const progress = new Progress("Get", times.length, String, settings);
    times.forEach((ms, i) => {
      nowMs = ms;
      progress.update(i + 1);
    });
    progress.clear();
  };
  run(0, 100, 299);
  assertEquals(written, "");
  run(0, 300, 350, 400);
  assertEquals(written.match(/\d+\/4/g), ["2/4", "4/4"]);
  assert(written.endsWith("\x1b[K"), "the line stays");
});

Deno.test("Progress shows work that comes to a halt", async () => {
  const drawn = Promise.withResolvers<string>();
  const settings = { enabled: true, write: drawn.resolve };
  const progress = new Progress("Scan", 4, String, settings);
  progress.update(1);
  progress.update(3);
  assert((await drawn.promise).includes("3/4"));
});

Deno.test("Deadline of 0 ms is no limit", async () => {
  using time = new FakeTime();
  using deadline = new Deadline("idle", 0);
  const signal = deadline.renew();
  await time.pass(2 ** 31);
  assertEquals(signal.aborted, false);
});

Deno.test("Input gives lines, a last one without line end too, then null", async () => {
  const { signal } = new AbortController();
  for (const { name, chunks } of chunkings(bytesOf("a\nñ\r\n\nlast"))) {
    const input = new Input(readerOf(chunks));
    assertEquals(await input.next(signal), "a", name);
    assertEquals(await input.next(signal), "ñ", name);
    assertEquals(await input.next(signal), "", name);
    assertEquals(await input.next(signal), "last", name);
    assertEquals(await input.next(signal), null, name);
  }
});

Deno.test("Input takes long lines, but none that never ends", async () => {
  const { signal } = new AbortController();
  const piece = bytesOf("x".repeat(64 * 1024));
  const long = [...Array(200).fill(piece), bytesOf("\nnext\n")];
  const input = new Input(readerOf(long));
  assertEquals((await input.next(signal))?.length, 200 * piece.length);
  assertEquals(await input.next(signal), "next");

  const endless = {
    read: (buffer: Uint8Array) => Promise.resolve(buffer.fill(120).length),
  };
  const lines = new Input(endless);
  await assertRejects(() => lines.next(signal), ExerciseError, "is it text?");
});

Deno.test("Input goes on after an end of input, as a terminal does", async () => {
  const answers = [bytesOf("a\n"), null, bytesOf("b\n")];
  const { signal } = new AbortController();
  const input = new Input({
    read(buffer) {
      const bytes = answers.shift() ?? null;
      buffer.set(bytes ?? []);
      return Promise.resolve(bytes?.length ?? null);
    },
  });
  assertEquals(await input.next(signal), "a");
  assertEquals(await input.next(signal), null);
  assertEquals(await input.next(signal), "b");
});

Deno.test("Input loses nothing when who waits gives up, and reads no further", async () => {
  let reads = 0;
  let answer = (_: Uint8Array) => {};
  const input = new Input({
    read(buffer) {
      reads++;
      return new Promise((resolve) =>
        answer = (data) => {
          buffer.set(data);
          resolve(data.length);
        }
      );
    },
  });
  const stop = new AbortController();
  const first = input.next(stop.signal);
  stop.abort();
  await assertRejects(() => first, DOMException);
  answer(bytesOf("for the next question\n"));
  const { signal } = new AbortController();
  assertEquals(await input.next(signal), "for the next question");
  assertEquals(reads, 1);
  const key = input.nextBytes(signal);
  answer(bytesOf("k"));
  assertEquals(await key, bytesOf("k"));
});

Deno.test("formatLogEntry() writes clock, event, peer and the rest", () => {
  const at = new Date(2026, 10, 24, 3, 17, 43).getTime();
  const entry = { event: "disconnect", peer: "127.0.0.1:5", reason: "reset" };
  assertEquals(
    // deno-lint-ignore no-control-regex
    formatLogEntry(entry, at).replace(/\x1b\[\d+m/g, ""),
    "03:17:43 disconnect 127.0.0.1:5 reason=reset",
  );
  assertEquals(
    // deno-lint-ignore no-control-regex
    formatLogEntry({ ...entry, level: "debug" }, at).replace(/\x1b\[\d+m/g, ""),
    "03:17:43 debug disconnect 127.0.0.1:5 reason=reset",
  );
});

Deno.test("Deadline fires with a TimeoutError that names its clock", async () => {
  using time = new FakeTime();
  using deadline = new Deadline("connect", 5);
  await time.pass(4);
  assertEquals(deadline.signal.aborted, false);
  await time.pass(1);
  const { reason } = deadline.signal;
  assert(reason instanceof TimeoutError);
  assertEquals([reason.clock, reason.timeoutMs], ["connect", 5]);
});

Deno.test("Deadline fires with its parent's reason, before or after it began", () => {
  const parent = new AbortController();
  using deadline = new Deadline("total", 60_000, parent.signal);
  assertEquals(deadline.signal.aborted, false);
  parent.abort("stop");
  assertEquals(deadline.signal.reason, "stop");
  using late = new Deadline("total", 60_000, parent.signal);
  assertEquals(late.signal.reason, "stop");
});

Deno.test("Deadline fires only when it is not renewed in time", async () => {
  using time = new FakeTime();
  using deadline = new Deadline("connect", 20);
  const { signal } = deadline;
  for (let i = 0; i < 10; i++) {
    await time.pass(15);
    assert(!signal.aborted && deadline.renew() === signal);
  }
  await time.pass(20);
  assert(signal.reason instanceof TimeoutError);
  const next = deadline.renew();
  assertEquals(next.aborted, false);
  await time.pass(20);
  assert(next.reason instanceof TimeoutError);
});

Deno.test("Deadline gives an attempt more time when this process was busy", async () => {
  using time = new FakeTime();
  using deadline = new Deadline("connect", 5);
  const { signal } = deadline;
  time.jump(40); // The answer may have come.
  await time.pass(30);
  assertEquals(signal.aborted, false);
  await time.pass(5);
  assert(signal.reason instanceof TimeoutError);
});

Deno.test("Deadline follows its parent", () => {
  const parent = new AbortController();
  using deadline = new Deadline("connect", 60_000, parent.signal);
  const signal = deadline.renew();
  parent.abort("stop");
  assertEquals(signal.reason, "stop");
  assertEquals(deadline.renew().reason, "stop");
});

Deno.test("keepingZone() gives the address back with its zone", () => {
  const listener = {
    addr: { hostname: "fe80::1", port: 7 },
    accept: () => Promise.reject(new Error("nobody")),
    close() {},
    [Symbol.dispose]() {},
  };
  const listen = keepingZone(() => listener);
  using zoned = listen({ hostname: "fe80::1%lo", port: 7 });
  assertEquals(zoned.addr, { hostname: "fe80::1%lo", port: 7 });
  using plain = listen({ hostname: "fe80::1", port: 7 });
  assertEquals(plain.addr, { hostname: "fe80::1", port: 7 });
});

const TERMINALS: [
  env: Record<string, string>,
  flag: string,
  colour: boolean,
][] = [
  [{ TERM: "xterm" }, "--allow-env=TERM", true],
  [{ TERM: "dumb" }, "--allow-env=TERM", false],
  [{ TERM: "xterm", NO_COLOR: "1" }, "--allow-env=TERM", false],
  // Who may not look takes it for one that can.
  [{ TERM: "dumb" }, "--deny-env", true],
];

for (const [env, flag, colour] of TERMINALS) {
  Deno.test({
    name: `a terminal with ${JSON.stringify(env)} and ${flag} gets ${
      colour ? "" : "no "
    }colour`,
    ignore: !HAS_TERMINAL, // There is no `script` here.
    fn: async () => {
      const flags = ["run", "--no-prompt", flag, "--allow-net=127.0.0.1"];
      const words = [...flags, "exercises/tools/demo.ts", "1", "--fast"];
      const demo = OnTerminal.run([Deno.execPath(), ...words], {
        NO_COLOR: "",
        ...env,
      });
      const { shown, code } = await demo.end();
      assertEquals([shown.includes("\x1b["), code], [colour, 0]);
    },
  });
}

Deno.test({
  name: "the chat on a dumb terminal takes lines, and moves no cursor",
  ignore: !HAS_TERMINAL, // There is no `script` here.
  fn: async () => {
    const net = "--allow-net=127.0.0.1";
    const run = ["run", "--no-prompt", net, "--allow-env=TERM", "main.ts"];
    await using server = await ServerScript.start([...run, "msgserver", "0"]);
    const words = [...run, "chat", "127.0.0.1", `${server.port}`];
    const env = { NO_COLOR: "", TERM: "dumb" };
    const chat = OnTerminal.run([Deno.execPath(), ...words], env);
    await chat.see("* Welcome, ");
    await chat.type("/list\n");
    const before = await chat.see("* 1 connected: ");
    await chat.type("/quit\n");
    const { shown, code } = await chat.end();
    assertEquals([`${before}${shown}`.includes("\x1b"), code], [false, 0]);
  },
});
