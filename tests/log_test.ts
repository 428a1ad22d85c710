/** A server's log: what it tells at which level, and to whom: also to nobody. */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { LineQueue } from "../exercises/terminal/line_queue.ts";
import { CA, GOOD } from "./support/certificates.ts";
import { Chatter } from "./support/chatter.ts";
import { FakeTime } from "./support/fake_time.ts";
import { connectTo, QUIET_HOST } from "./support/network.ts";
import { ServerScript, startClient } from "./support/script.ts";
import { TempFolder } from "./support/temp_folder.ts";

/** A writer whose writes end when the test says so. */
function slowWriter() {
  const written: string[] = [];
  const waiting: PromiseWithResolvers<void>[] = [];
  let wake = () => {};
  return {
    written,
    async write(data: Uint8Array) {
      written.push(new TextDecoder().decode(data));
      waiting.push(Promise.withResolvers());
      wake();
      await waiting.at(-1)!.promise;
      return data.length;
    },
    /** Waits for the next write, and ends it. */
    async end(error?: Error) {
      while (waiting.length === 0) {
        await new Promise<void>((resolve) => wake = resolve);
      }
      if (error) waiting.shift()!.reject(error);
      else waiting.shift()!.resolve();
    },
  };
}

const dropped = (lines: number) => `dropped ${lines}`;

Deno.test("LineQueue writes the lines of one turn in one write, and those that come meanwhile in the next", async () => {
  const writer = slowWriter();
  const queue = new LineQueue(writer, dropped);
  queue.push("one");
  queue.push("two");
  assertEquals(writer.written, []);
  await new Promise((resolve) => setImmediate(resolve));
  queue.push("three");
  queue.push("four");
  await writer.end();
  await writer.end();
  await queue.written(60_000);
  assertEquals(writer.written, ["one\ntwo\n", "three\nfour\n"]);
});

Deno.test("LineQueue drops whole lines beyond its limit, and says how many where they are missing", async () => {
  const writer = slowWriter();
  const queue = new LineQueue(writer, dropped, 20);
  queue.push("12345678");
  const written = queue.written(60_000); // Begins to write.
  queue.push("abcdefgh");
  queue.push("too much");
  queue.push("x"); // Would fit, but one gap is told once.
  await writer.end();
  await writer.end();
  await written;
  queue.push("later");
  await Promise.all([queue.written(60_000), writer.end()]);
  assertEquals(writer.written, [
    "12345678\n",
    "abcdefgh\ndropped 2\n",
    "later\n",
  ]);
});

Deno.test("LineQueue counts what could not be written, too, and goes on", async () => {
  const writer = slowWriter();
  const queue = new LineQueue(writer, dropped);
  const full = new Error("No space left on device");
  queue.push("one");
  queue.push("two");
  await Promise.all([queue.written(60_000), writer.end(full)]);
  queue.push("three");
  await Promise.all([queue.written(60_000), writer.end(full)]);
  queue.push("four");
  await Promise.all([queue.written(60_000), writer.end()]);
  assertEquals(writer.written, [
    "one\ntwo\n",
    "dropped 2\nthree\n",
    "dropped 3\nfour\n",
  ]);
});

Deno.test("LineQueue waits at the end for a reader, but not for ever", async () => {
  using time = new FakeTime();
  const writer = slowWriter();
  const queue = new LineQueue(writer, dropped);
  await queue.written(500); // Nothing waits.
  queue.push("nobody reads this");
  let isOver = false;
  const over = queue.written(500).then(() => isOver = true);
  await time.pass(499);
  assertEquals(isOver, false);
  await time.pass(1);
  await over;
  await writer.end();
});

const run = (script: string, ...words: string[]) => [
  ...["run", "--no-prompt", "--allow-net", "--allow-read"],
  `exercises/${script}`,
  ...words,
];

/** What one client of an echo server is in its log, at this level. */
async function logOfOne(...words: string[]): Promise<string[]> {
  const args = run("04_echo_server.ts", "0", ...words);
  await using server = await ServerScript.start(args);
  const conn = await connectTo(server.port);
  await conn.write(new TextEncoder().encode("seven.."));
  await conn.closeWrite();
  while (await conn.read(new Uint8Array(8)) !== null);
  conn.close();
  const { stderr } = await server.stop();
  return stderr.split("\n").filter((line) => line !== "");
}

Deno.test({
  name: "a log as JSON tells the events and fields of the one as text",
  ignore: Deno.build.os === "windows", // There a signal kills.
  fn: async () => {
    assertEquals(await logOfOne("--log", "error"), []);
    assertEquals(await logOfOne("--log", "debug", "--quiet"), []);
    const [came = "", went = ""] = await logOfOne();
    assertMatch(came, /^[\d:]{8} connect 127\.0\.0\.1:\d+$/);
    assertMatch(
      went,
      /^[\d:]{8} disconnect 127\.0\.0\.1:\d+ read=7 written=7 ms=\d+ reason=closed$/,
    );
    const entries = (await logOfOne("--json")).map((line) => JSON.parse(line));
    assertEquals(entries.map((entry) => Object.keys(entry).join()), [
      "time,level,event,peer",
      "time,level,event,peer,read,written,ms,reason",
    ]);
    const [{ level }, { read, written, reason }] = entries;
    assertEquals([level, read, written, reason], ["info", 7, 7, "closed"]);
  },
});

Deno.test("--log debug tells the requests of files, the handshakes of TLS, and where a proxy got to", async () => {
  using folder = new TempFolder({
    "cert.pem": GOOD.cert,
    "key.pem": GOOD.key,
    "hello.txt": "hello",
  });
  const tls = ["--cert", folder.of("cert.pem"), "--key", folder.of("key.pem")];
  await using files = await ServerScript.start(run(
    "08_file_server.ts",
    ...["0", "--dir", folder.path, "--log", "debug", "--tls", ...tls],
  ));
  await using between = await ServerScript.start(run(
    "09_proxy.ts",
    ...["0", files.hostname, `${files.port}`, "--log", "debug"],
  ));
  const { port } = between;
  const hostname = "127.0.0.1";
  const options = { hostname, port, caCerts: [CA] };
  const conn = await Deno.connectTls(options);
  await conn.write(
    new TextEncoder().encode("LIST\nGET hello.txt\nREADY\nQUIT\n"),
  );
  while (await conn.read(new Uint8Array(256)) !== null);
  conn.close();
  await between.logged(/ debug reached 127\.0\.0\.1:\d+ server=127\.0\.0\.1:/);
  await files.logged(/ debug handshake 127\.0\.0\.1:\d+ ms=\d+ reason=done$/);
  await files.logged(/ debug request 127\.0\.0\.1:\d+ kind=list$/);
  await files.logged(/ debug request \S+ kind=get name=hello\.txt$/);
});

const EMPTY_LINES = 60_000;

/** A chat server whose log nobody reads, with more in it than waits there. */
async function fillLog(port: number): Promise<Chatter> {
  const ana = await Chatter.join(port);
  // Each is a line in the log, and heard by nobody.
  await ana.send("\n".repeat(EMPTY_LINES));
  await ana.say("/list");
  await ana.expect("* 1 connected: guest-1");
  return ana;
}

const CHATTY = run(
  "07_message_server.ts",
  ...["0", "--host", QUIET_HOST, "--flood", "0", "--log", "debug"],
);

for (const format of ["text", "json"]) {
  Deno.test({
    name: `a log (${format}) that nobody reads stops no server, ` +
      "and no line is missing that was not counted",
    ignore: Deno.build.os === "windows", // There a signal kills.
    fn: async () => {
      const words = format === "json" ? [...CHATTY, "--json"] : CHATTY;
      await using server = await ServerScript.start(words);
      using ana = await fillLog(server.port);
      await ana.say("/list");
      await ana.expect("* 1 connected: guest-1"); // It still serves.
      const gap = await server.logged(/log-dropped/);
      if (format === "json") assertEquals(JSON.parse(gap).level, "error");
      else assertMatch(gap, / error log-dropped lines=\d+$/);
      await ana.say("/quit");
      await ana.expect("* Goodbye", null);
      ana.conn.close();
      const { code, stderr } = await server.stop();
      assertEquals(code, 0);
      const lines = stderr.trimEnd().split("\n");
      let count = 0;
      for (const line of lines) {
        if (format === "json") JSON.parse(line); // None is cut.
        const [, missing] = /log-dropped\b\D+(\d+)\}?$/.exec(line) ?? [];
        count += Number(missing ?? 1);
      }
      // connect, join, /list twice, /quit, leave and disconnect.
      assertEquals(count, EMPTY_LINES + 7);
      assertMatch(lines.at(-1)!, /disconnect/); // Nothing is lost at the end.
    },
  });
}

Deno.test({
  name: "a server whose log nobody reads ends in order when it is told to",
  ignore: Deno.build.os === "windows", // There a signal kills.
  fn: async () => {
    const child = startClient(CHATTY);
    await child.stdin.close();
    const reader = child.stdout.getReader();
    const { value } = await reader.read();
    const [, port] = /:(\d+)\n$/.exec(new TextDecoder().decode(value)) ?? [];
    using ana = await fillLog(Number(port));
    child.kill("SIGTERM");
    await ana.expect("* Server is shutting down", null);
    ana.conn.close();
    assertEquals((await child.status).code, 0);
    await reader.cancel();
    const log = await new Response(child.stderr).text();
    assert(log.length < 2 ** 20, "more than a pipe holds");
  },
});
