/** The file server over sockets, asked by a client that knows the page only. */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { connect as nodeConnect } from "node:net";
import { fileServer } from "../exercises/08_file_server.ts";
import { FileHashes } from "../servers/files/file_hashes.ts";
import { filesHandler } from "../servers/files/file_handler.ts";
import { SharedFolder } from "../servers/files/shared_folder.ts";
import type { LogEntry } from "../servers/log.ts";
import { serve, type ServeOptions } from "../servers/serve.ts";
import { bytesOf, chunkings, readerOf } from "./support/chunkings.ts";
import { fakeConn } from "./support/fake_conn.ts";
import { FakeTime } from "./support/fake_time.ts";
import { FEATURES, HAS_ZSTD } from "./support/features.ts";
import { hostileFolder, REFUSED_NAMES } from "./support/hostile_folder.ts";
import { PlainClient } from "./support/plain_files.ts";
import { ROOT, runScript, ServerScript } from "./support/script.ts";
import { TempFolder, testBytes } from "./support/temp_folder.ts";

const MIB = 1024 * 1024;
/** More than the kernel holds between two ends that do not read. */
const LARGE = 32 * MIB;
const UNIX = Deno.build.os !== "windows";

/** The server on a free port, a client, and the events of the log. */
async function start(dir: string, options: ServeOptions = {}) {
  const entries: LogEntry[] = [];
  let wake = () => {};
  const log = (entry: LogEntry) => {
    entries.push(entry);
    wake();
  };
  const server = fileServer(0, { dir, log, ...options });
  const { port } = server.addr;
  const client = await PlainClient.connect(port);
  /** Waits for an entry of `event`, with this reason if one is given. */
  async function logged(event: string, reason?: string): Promise<LogEntry> {
    for (;;) {
      const found = entries.find((entry) =>
        entry.event === event &&
        (reason === undefined || entry.reason === reason)
      );
      if (found) return found;
      await new Promise<void>((resolve) => wake = resolve);
    }
  }
  return {
    ...{ server, port, client, logged },
    async [Symbol.asyncDispose]() {
      client[Symbol.dispose]();
      await server.shutdown();
    },
  };
}

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** The transcripts of the page: blocks of `C: ...` and `S: ...`. */
async function transcripts(): Promise<string[][]> {
  const page = await Deno.readTextFile(new URL("protocol/README.md", ROOT));
  const section = page.slice(page.indexOf("## Files, exercise 8"));
  return [...section.matchAll(/^```\n((?:[CS]: .+\n)+)```$/gm)]
    .map(([, block]) => block!.trimEnd().split("\n"));
}

const PAGE_FILES = {
  "hello.txt": "Hello from tcplab!\n",
  "my notes.txt": "abc\n",
};

Deno.test("the file server speaks as the protocol page says", async () => {
  using folder = new TempFolder(PAGE_FILES);
  const blocks = await transcripts();
  assertEquals(blocks.length, 3);
  for (const block of blocks) {
    if (!HAS_ZSTD && block.some((line) => line.includes("ZSTD"))) continue;
    await using server = await start(folder.path);
    const { client } = server;
    for (const line of block) {
      const [, who, text = ""] = /^([CS]): (.+)$/.exec(line)!;
      const [, count, bytes] = /^\((\d+) bytes?\) (.+)$/.exec(text) ?? [];
      if (text === "(FIN)") {
        if (who === "S") assertEquals(await client.line(), null);
      } else if (bytes !== undefined) {
        const expected = /^[\da-f]{2}( [\da-f]{2})*$/.test(bytes)
          ? Uint8Array.from(bytes.split(" "), (hex) => parseInt(hex, 16))
          : bytesOf(bytes.replace("\\n", "\n"));
        assertEquals(await client.bytes(Number(count)), expected);
      } else if (who === "C") await client.send(`${text}\r\n`);
      else assertEquals(await client.line(), text);
    }
  }
});

/** All that the server says to `input`, however that is cut. */
async function conversation(dir: string, chunks: Uint8Array[]) {
  const conn = fakeConn(readerOf(chunks));
  const handle = filesHandler(new SharedFolder(dir));
  const { signal } = new AbortController();
  await handle(conn.connection, { signal });
  conn.connection.close();
  return conn.written();
}

Deno.test("the file server answers the same, however the lines are cut", async () => {
  using folder = new TempFolder(PAGE_FILES);
  // READY and the next command in one segment, READY split, LF alone.
  const input = "LIST\nGET my notes.txt\r\nREADY\r\nGET nope\nNOISE\n" +
    "RESUME 2 my notes.txt\nREADY\nREADY\nQUIT\nLIST\n";
  const output = [
    "FILES 2\r\nhello.txt 19\r\nmy notes.txt 4\r\n",
    "SENDING_FILE my notes.txt 4\r\nabc\n",
    'ERROR NOT_FOUND No such file "nope"\r\n',
    'ERROR UNKNOWN_COMMAND Unknown command "NOISE"\r\n',
    "SENDING_FILE my notes.txt 4\r\nc\n",
    "ERROR BAD_REQUEST Nothing was announced\r\n",
    "BYE\r\n",
  ].join("");
  for (const { name, chunks } of chunkings(bytesOf(input))) {
    assertEquals(await conversation(folder.path, chunks), output, name);
  }
});

Deno.test("a line that is cut off by the end is no command", async () => {
  using folder = new TempFolder(PAGE_FILES);
  for (const input of ["LIST", "QUIT", "GET hello.txt"]) {
    await using server = await start(folder.path);
    await server.client.send(input);
    await server.client.end();
    assertEquals(await server.client.line(), null);
    const { reason } = await server.logged("disconnect");
    assertMatch(String(reason), /middle of a line/);
  }
});

Deno.test("GET gives every size, and the connection goes on", async () => {
  const sizes = [0, 1, 4095, 4096, 4097, MIB - 1, MIB, MIB + 1, 2 * MIB + 1];
  const files = Object.fromEntries(
    sizes.map((size) => [`año ${size} ñ.bin`, testBytes(size, size + 1)]),
  );
  using folder = new TempFolder(files);
  await using server = await start(folder.path);
  for (const extensions of [false, true]) {
    if (extensions) await server.client.ask("FEATURES");
    for (const [name, content] of Object.entries(files)) {
      const bytes = await server.client.get(name);
      assertEquals(sha256(bytes), sha256(content), name);
      const answer = await server.client.ask(`SHA256 ${name}`);
      assertEquals(answer, `SHA256 ${sha256(content)} ${name}`);
    }
  }
});

Deno.test("many clients get different files at once, each the right one", async () => {
  const files = Object.fromEntries(
    Array.from({ length: 40 }, (_, i) => [`${i}`, testBytes(100_000 + i, i)]),
  );
  using folder = new TempFolder(files);
  await using server = await start(folder.path);
  await Promise.all(
    Object.entries(files).map(async ([name, content]) => {
      using client = await PlainClient.connect(server.port);
      const [got, hash] = [await client.get(name), sha256(content)];
      assertEquals(sha256(got), hash);
      assertEquals(
        await client.ask(`SHA256 ${name}`),
        `SHA256 ${hash} ${name}`,
      );
    }),
  );
});

Deno.test({
  name:
    "nothing outside the folder: each name gets its error, and life goes on",
  ignore: !UNIX,
  fn: async () => {
    using hostile = hostileFolder();
    await using server = await start(hostile.path);
    const { client } = server;
    for (const word of ["GET", "SHA256", "RESUME 0"]) {
      for (const [name, code] of REFUSED_NAMES) {
        const answer = await client.ask(`${word} ${name}`);
        assertEquals(answer?.split(" ", 2).join(" "), `ERROR ${code}`, name);
        assert(answer!.length < 200, answer!);
        assert(!answer!.includes(hostile.outer.path), answer!);
      }
    }
    const tooLong = await client.ask(`GET ${"x".repeat(5000)}`);
    assertEquals(
      tooLong,
      "ERROR BAD_REQUEST Line is longer than 4096 bytes",
    );
    assertEquals(await client.get("hello.txt"), bytesOf("hello"));
  },
});

const CANCELS = ["", "NO", "ready", "READY ", "QUIT", "LIST", "x".repeat(5000)];

for (const line of CANCELS) {
  Deno.test(`"${line.slice(0, 10)}" in place of READY cancels, and is no command`, async () => {
    using folder = new TempFolder(PAGE_FILES);
    await using server = await start(folder.path);
    const { client } = server;
    await client.ask("GET hello.txt");
    assertEquals(await client.ask(line), "CANCELLED");
    assertEquals(
      await client.ask("BOGUS"),
      'ERROR UNKNOWN_COMMAND Unknown command "BOGUS"',
    );
    assertEquals((await client.get("hello.txt")).length, 19);
  });
}

Deno.test("a client that ends in place of READY gets no byte", async () => {
  using folder = new TempFolder(PAGE_FILES);
  await using server = await start(folder.path);
  await server.client.ask("GET hello.txt");
  await server.client.end();
  assertEquals(await server.client.line(), null);
  assertEquals((await server.logged("disconnect")).reason, "closed");
});

Deno.test("GET, READY and QUIT in one segment: all bytes, BYE, and the end", async () => {
  const content = testBytes(8 * MIB);
  using folder = new TempFolder({ big: content });
  await using server = await start(folder.path);
  const { client } = server;
  await client.send("GET big\nREADY\nQUIT\n");
  assertEquals(await client.line(), `SENDING_FILE big ${content.length}`);
  assertEquals(sha256(await client.bytes(content.length)), sha256(content));
  assertEquals(await client.line(), "BYE");
  assertEquals(await client.line(), null);
});

Deno.test("a client may end its side (FIN) before it has all", async () => {
  const content = testBytes(8 * MIB);
  using folder = new TempFolder({ big: content });
  await using server = await start(folder.path);
  const { client } = server;
  await client.send("GET big\nREADY\n");
  await client.end();
  assertEquals(await client.line(), `SENDING_FILE big ${content.length}`);
  assertEquals(sha256(await client.bytes(content.length)), sha256(content));
  assertEquals(await client.line(), null);
});

Deno.test("RESUME sends what is behind the offset, and tells the whole size", async () => {
  const content = testBytes(3 * MIB);
  using folder = new TempFolder({ big: content });
  await using server = await start(folder.path);
  const { client } = server;
  for (const offset of [0, 1, 4096, MIB, 3 * MIB - 1, 3 * MIB]) {
    const answer = await client.ask(`RESUME ${offset} big`);
    assertEquals(answer, `SENDING_FILE big ${content.length}`);
    await client.send("READY\r\n");
    const bytes = await client.bytes(content.length - offset);
    assertEquals(sha256(bytes), sha256(content.subarray(offset)));
  }
  assertEquals(
    await client.ask(`RESUME ${3 * MIB + 1} big`),
    `ERROR BAD_OFFSET "big" has ${3 * MIB} bytes`,
  );
  // Of all of it, though only parts of it were sent last.
  assertEquals(await client.ask("SHA256 big"), `SHA256 ${sha256(content)} big`);
});

Deno.test("SHA256 tells of what was sent, and does not read it twice", async () => {
  using folder = new TempFolder({ a: "sent", b: "other" });
  await using server = await start(folder.path);
  const { client } = server;
  assertEquals(await client.ask("FEATURES"), FEATURES);
  await client.get("a");
  folder.write("a", "changed");
  const sent = `SHA256 ${sha256(bytesOf("sent"))} a`;
  assertEquals(await client.ask("SHA256 a"), sent);
  Deno.removeSync(folder.of("a"));
  assertEquals(await client.ask("SHA256 a"), sent);
  // Only a part of it was sent last: the file as it is.
  folder.write("a", "changed once more");
  await client.ask("RESUME 16 a");
  await client.send("READY\n");
  assertEquals(await client.bytes(1), bytesOf("e"));
  const now = `SHA256 ${sha256(bytesOf("changed once more"))} a`;
  assertEquals(await client.ask("SHA256 a"), now);
  Deno.removeSync(folder.of("a"));
  // Another file, and another client.
  const other = `SHA256 ${sha256(bytesOf("other"))} b`;
  assertEquals(await client.ask("SHA256 b"), other);
  using second = await PlainClient.connect(server.port);
  assertEquals(
    await second.ask("SHA256 a"),
    'ERROR NOT_FOUND No such file "a"',
  );
});

Deno.test("a file that was replaced since it was announced comes as announced", async () => {
  using folder = new TempFolder({ a: "before" });
  await using server = await start(folder.path);
  assertEquals(await server.client.ask("GET a"), "SENDING_FILE a 6");
  folder.write("new", "and after");
  Deno.renameSync(folder.of("new"), folder.of("a"));
  await server.client.send("READY\n");
  assertEquals(await server.client.bytes(6), bytesOf("before"));
  assertEquals(await server.client.get("a"), bytesOf("and after"));
});

Deno.test("a file that grows: what was announced, and the connection goes on", async () => {
  const content = testBytes(LARGE);
  using folder = new TempFolder({ log: content });
  await using server = await start(folder.path);
  const { client } = server;
  await client.ask("FEATURES");
  assertEquals(await client.ask("GET log"), `SENDING_FILE log ${LARGE}`);
  await Deno.writeFile(folder.of("log"), bytesOf("more"), { append: true });
  await client.send("READY\n");
  const first = await client.bytes(1);
  await Deno.writeFile(folder.of("log"), bytesOf("still"), { append: true });
  const rest = await client.bytes(LARGE - 1);
  assertEquals(sha256(rest), sha256(content.subarray(1)));
  assertEquals(first[0], content[0]);
  assertEquals(await client.ask("SHA256 log"), `SHA256 ${sha256(content)} log`);
  assertEquals(await client.ask("GET log"), `SENDING_FILE log ${LARGE + 9}`);
});

for (const when of ["before it is sent", "while it is sent"]) {
  Deno.test(`a file that shrinks ${when} breaks the connection`, async () => {
    using folder = new TempFolder({ log: testBytes(LARGE) });
    await using server = await start(folder.path);
    const { client } = server;
    await client.ask("GET log");
    if (when === "before it is sent") Deno.truncateSync(folder.of("log"), 10);
    await client.send("READY\n");
    await client.bytes(1);
    // Not much has gone out by now: nobody has read it.
    Deno.truncateSync(folder.of("log"), 10);
    const bytes = await client.bytes(LARGE - 1);
    assert(bytes.length < LARGE - 1, "it looks whole");
    const { reason } = await server.logged("disconnect");
    assertMatch(String(reason), /^error: \d+ of \d+ bytes are missing$/);
  });
}

Deno.test("a client that stops reading is dropped, and the others do not notice", async () => {
  const content = testBytes(MIB);
  using folder = new TempFolder({ big: testBytes(LARGE), small: content });
  using time = new FakeTime();
  await using server = await start(folder.path, { idleTimeoutMs: 1000 });
  await server.client.send("GET big\nREADY\n");
  await server.client.bytes(MIB);
  for (let i = 0; i < 2; i++) {
    await time.pass(600);
    using other = await PlainClient.connect(server.port);
    assertEquals((await other.get("small")).length, MIB);
  }
  await time.passUntil(server.logged("disconnect", "idle"), 100);
});

Deno.test("a client that is killed while it is sent a file ends its transfer only", async () => {
  using folder = new TempFolder({ big: testBytes(LARGE) });
  await using server = await start(folder.path);
  const socket = nodeConnect(server.port, "127.0.0.1");
  socket.write("GET big\nREADY\n");
  await once(socket, "data");
  socket.resetAndDestroy();
  assertEquals((await server.logged("disconnect")).reason, "reset");
  assertEquals((await server.client.get("big")).length, LARGE);
});

/** A server that hashes for as many clients as it has places. */
async function startHashing(places: number, folder: TempFolder) {
  // Without content: it takes no room, and minutes to read.
  folder.write("endless", "");
  Deno.truncateSync(folder.of("endless"), 2 ** 40);
  const all = Promise.withResolvers<void>();
  let asked = 0;
  class SeenHashes extends FileHashes {
    override compute(...args: Parameters<FileHashes["compute"]>) {
      if (++asked === places) all.resolve();
      return super.compute(...args);
    }
  }
  const reasons: unknown[] = [];
  const server = serve(
    Deno.listen({ hostname: "127.0.0.1", port: 0 }),
    filesHandler(new SharedFolder(folder.path), { hashes: new SeenHashes() }),
    {
      maxConnections: places,
      log: ({ event, reason }) =>
        event === "disconnect" && reasons.push(reason),
    },
  );
  const { port } = server.addr;
  const sockets = Array.from({ length: places }, (_, i) => {
    const socket = nodeConnect(port, "127.0.0.1");
    // With more that is not read yet, and without.
    socket.write(`SHA256 endless\n${"GET small\n".repeat(i * 10_000)}`);
    return socket;
  });
  await all.promise;
  return { server, port, sockets, reasons };
}

Deno.test("SHA256 ends with its client: the place is free again", async () => {
  using folder = new TempFolder({ small: "abc" });
  const { server, port, sockets, reasons } = await startHashing(3, folder);
  await using _ = server;
  for (const socket of sockets) socket.resetAndDestroy();
  using next = await PlainClient.connect(port);
  assertEquals(await next.get("small"), bytesOf("abc"));
  assertEquals(reasons[0], "reset");
});

Deno.test("the server stops in order while it hashes", async () => {
  using folder = new TempFolder();
  const { server, sockets, reasons } = await startHashing(1, folder);
  await server.shutdown();
  assertEquals(reasons, ["shutdown"]);
  for (const socket of sockets) socket.destroy();
});

Deno.test("a client that has ended its side (FIN) still gets its hash", async () => {
  using folder = new TempFolder({ big: testBytes(LARGE) });
  await using server = await start(folder.path);
  const { client } = server;
  await client.send("SHA256 big\nSHA256 big\n");
  await client.end();
  const answer = `SHA256 ${sha256(testBytes(LARGE))} big`;
  assertEquals([await client.line(), await client.line()], [answer, answer]);
  assertEquals(await client.line(), null);
});

Deno.test("the server stops in order in the middle of a transfer", async () => {
  using folder = new TempFolder({ big: testBytes(LARGE) });
  const server = await start(folder.path);
  await server.client.send("GET big\nREADY\n");
  await server.client.bytes(MIB);
  await server.server.shutdown();
  assertEquals((await server.logged("disconnect")).reason, "shutdown");
  assert((await server.client.bytes(LARGE)).length < LARGE);
  await server[Symbol.asyncDispose]();
});

Deno.test("LIST of a thousand files has each of them, and their sizes", async () => {
  using folder = new TempFolder();
  const names = Array.from({ length: 1000 }, (_, i) => `${i} ñ.txt`);
  for (const [i, name] of names.entries()) {
    folder.write(name, "x".repeat(i % 7));
  }
  await using server = await start(folder.path);
  assertEquals(await server.client.ask("LIST"), "FILES 1000");
  const lines: (string | null)[] = [];
  for (const _ of names) lines.push(await server.client.line());
  const expected = names.map((name, i) => `${name} ${i % 7}`);
  assertEquals(lines, expected.sort());
});

const RUN = ["run", "--no-prompt", "--allow-net=127.0.0.1"];
const SCRIPT = "exercises/08_file_server.ts";

Deno.test({
  name: "read permission for the folder is all the file access that it needs",
  ignore: !UNIX,
  fn: async () => {
    using hostile = hostileFolder();
    await using server = await ServerScript.start([
      ...[...RUN, `--allow-read=${hostile.path}`, SCRIPT],
      ...["0", "--dir", hostile.path],
    ]);
    using client = await PlainClient.connect(server.port);
    assertEquals(await client.ask("LIST"), "FILES 2");
    for (let i = 0; i < 2; i++) await client.line();
    assertEquals(await client.get("hello.txt"), bytesOf("hello"));
    const hash = await client.ask("SHA256 hello.txt");
    assertEquals(hash, `SHA256 ${sha256(bytesOf("hello"))} hello.txt`);
    for (const name of ["link_in", "link_deeper", "link_out"]) {
      assertMatch((await client.ask(`GET ${name}`))!, /^ERROR FORBIDDEN /);
    }
    const line = await server.logged(/ sent /);
    assertMatch(line, /sent 127\.0\.0\.1:\d+ name=hello\.txt bytes=5$/);
  },
});

Deno.test("a folder that is not there, is none or may not be read: one line, exit 1", async () => {
  using folder = new TempFolder({ file: "" });
  const cases: [flag: string, dir: string, says: RegExp][] = [
    [
      `--allow-read=${folder.path}`,
      folder.of("nowhere"),
      /There is no folder .+nowhere/,
    ],
    [`--allow-read=${folder.path}`, folder.of("file"), /is not a folder/],
    ["--allow-read=shared_files", folder.path, /: add --allow-read=/],
  ];
  for (const [flag, dir, says] of cases) {
    const args = [...RUN, flag, SCRIPT, "0", "--dir", dir];
    const { code, stdout, stderr } = await runScript(args);
    assertEquals([code, stdout], [1, ""]);
    assertMatch(stderr, says);
    assertMatch(stderr, /^fileserver: [^\n]+\n$/);
  }
});

Deno.test({
  name: "a link to a folder needs permission for the folder, and says so",
  ignore: !UNIX,
  fn: async () => {
    using folder = new TempFolder();
    Deno.mkdirSync(folder.of("real"));
    Deno.symlinkSync("real", folder.of("link"));
    const flag = `--allow-read=${folder.of("link")}`;
    const args = [...RUN, flag, SCRIPT, "0", "--dir", folder.of("link")];
    const { code, stderr } = await runScript(args);
    assertEquals(code, 1);
    assert(stderr.endsWith(`--allow-read=${folder.of("real")}\n`), stderr);
  },
});
