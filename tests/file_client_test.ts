/** The client of exercise 8 as functions, against good and bad servers. */
import {
  assert,
  assertEquals,
  assertInstanceOf,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { createHash } from "node:crypto";
import { fetchFile, fileClient } from "../exercises/08_file_client.ts";
import { fileServer } from "../exercises/08_file_server.ts";
import { FileClient } from "../exercises/08_files/file_client.ts";
import { chooseTarget, targetPath } from "../exercises/08_files/destination.ts";
import {
  explainError,
  formatExplanation,
} from "../exercises/cli/explain_error.ts";
import { ExerciseError, UsageError } from "../exercises/cli/outcome.ts";
import { ProtocolError, UnexpectedEndError } from "../protocol/errors.ts";
import { TimeoutError } from "../protocol/transport/deadline.ts";
import type { LogEntry } from "../servers/log.ts";
import { bytesOf } from "./support/chunkings.ts";
import { download } from "./support/download.ts";
import { fakeConn } from "./support/fake_conn.ts";
import { FakeTime } from "./support/fake_time.ts";
import { makeNode } from "./support/hostile_folder.ts";
import {
  type Answer,
  plainAnswers,
  plainServer,
  type Talk,
} from "./support/plain_files.ts";
import { TempFolder, testBytes } from "./support/temp_folder.ts";

const HOST = "127.0.0.1";
const CONTENT = testBytes(5000);

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** What a server with extensions answers, beyond a plain one. */
function extended(content = CONTENT): Record<string, Answer> {
  return {
    FEATURES: (_, { send }) => send("FEATURES RESUME SHA256\r\n"),
    SHA256: (name, { send }) => send(`SHA256 ${sha256(content)} ${name}\r\n`),
    RESUME(rest, talk) {
      const [, offset, name = ""] = /^(\d+) (.+)$/.exec(rest) ?? [];
      talk.send(`SENDING_FILE ${name} ${content.length}\r\n`);
      talk.announced = offset!;
    },
  };
}

/** Downloads `name` to `out`; what came of it, and the sentences. */
async function get(
  port: number,
  name: string,
  out: TempFolder,
  options: Parameters<typeof download>[3] = {},
) {
  using client = fileClient(HOST, port, { timeoutMs: 60_000 });
  const notes: string[] = [];
  const onNote = (note: string) => void notes.push(note);
  const path = out.of(name);
  try {
    const result = await download(client, name, path, { onNote, ...options });
    await client.quit();
    return { result, notes, error: null };
  } catch (error) {
    assertInstanceOf(error, Error);
    return { result: null, notes, error };
  }
}

Deno.test("the client works with a plain server: LIST, GET and QUIT are enough", async () => {
  const sizes = [0, 1, 4095, 4096, 4097, 300_000];
  const files = Object.fromEntries(
    sizes.map((size) => [`año ${size} ñ.bin`, testBytes(size, size)]),
  );
  await using server = await plainServer(files);
  using out = new TempFolder();
  using client = fileClient(HOST, server.port);
  const listing = await client.list();
  assert(listing.kind === "listing");
  assertEquals(
    listing.files,
    Object.entries(files).map(([name, { length }]) => ({ name, size: length })),
  );
  for (const [name, content] of Object.entries(files)) {
    const result = await download(client, name, out.of(name));
    const unverified = { sha256: null, same: null };
    const sizes = { size: content.length, received: content.length };
    const plain = { ...sizes, compressed: null };
    assertEquals(result, { kind: "fetched", ...plain, ...unverified });
    assertEquals(out.read(name), content);
  }
  const refused = await download(client, "nope", out.of("nope"));
  const [code, text] = ["NOT_FOUND", "No such file"];
  assertEquals(refused, { kind: "error", code, text });
  await client.quit();
  assertEquals(out.names(), Object.keys(files).sort());
  const words = server.heard.map((line) => line.split(" ", 1)[0]!);
  assertEquals(
    new Set(words),
    new Set(["LIST", "FEATURES", "GET", "READY", "QUIT"]),
  );
});

Deno.test("without verification a plain server hears nothing that it does not know", async () => {
  await using server = await plainServer({ a: CONTENT });
  using out = new TempFolder();
  const { result } = await get(server.port, "a", out, { verify: false });
  assert(result?.kind === "fetched");
  assertEquals(server.heard, ["GET a", "READY", "QUIT"]);
});

Deno.test("the client verifies what our server sends", async () => {
  using folder = new TempFolder({ a: CONTENT });
  using out = new TempFolder();
  await using server = fileServer(0, { dir: folder.path });
  const { result, notes } = await get(server.addr.port, "a", out);
  assertEquals(result, {
    kind: "fetched",
    size: CONTENT.length,
    received: CONTENT.length,
    compressed: null,
    sha256: sha256(CONTENT),
    same: true,
  });
  assertEquals([notes, out.names(), out.read("a")], [[], ["a"], CONTENT]);
});

Deno.test("a corrupted byte: refused, not renamed, the part stays", async () => {
  for (const at of [0, 2500, CONTENT.length - 1]) {
    const corrupt = CONTENT.with(at, CONTENT[at]! ^ 1);
    await using server = await plainServer({ a: corrupt }, extended());
    using out = new TempFolder();
    const { error } = await get(server.port, "a", out);
    assertInstanceOf(error, ExerciseError);
    assertStringIncludes(error.message, "damaged");
    assertEquals([out.names(), out.read("a.part")], [["a.part"], corrupt]);
  }
});

Deno.test("fewer bytes than announced: how far it came, the part, not renamed", async () => {
  for (const came of [0, 1, 4096, CONTENT.length - 1]) {
    await using server = await plainServer({ a: CONTENT }, {
      READY: (_, { socket }) => socket.end(CONTENT.subarray(0, came)),
    });
    using out = new TempFolder();
    const { error, notes } = await get(server.port, "a", out);
    assertInstanceOf(error, UnexpectedEndError);
    assertStringIncludes(
      formatExplanation(explainError(error)),
      `${came} of 5000 bytes`,
    );
    const hint = `${came} of 5000 bytes are in ${out.of("a.part")}: ` +
      "--resume goes on from there";
    assertEquals(notes, came === 0 ? [] : [hint]);
    assertEquals(out.names(), ["a.part"]);
    assertEquals(out.read("a.part"), CONTENT.subarray(0, came));
  }
});

Deno.test("a server that resets: the part stays, not renamed", async () => {
  await using server = await plainServer({ a: CONTENT }, {
    READY: (_, { socket }) =>
      socket.write(CONTENT.subarray(0, 10), () => socket.resetAndDestroy()),
  });
  using out = new TempFolder();
  const { error } = await get(server.port, "a", out);
  assertInstanceOf(error, Deno.errors.ConnectionReset);
  assertEquals(out.names(), ["a.part"]);
});

for (
  const [kind, answers] of Object.entries({ plain: {}, extended: extended() })
) {
  Deno.test(`more bytes than announced by a server that is ${kind}: not renamed`, async () => {
    for (const extra of ["x", "\n", "BYE\r\n", "x".repeat(100_000)]) {
      await using server = await plainServer({ a: CONTENT }, {
        ...answers,
        READY(_, { send }) {
          send(CONTENT);
          send(extra);
        },
      });
      using out = new TempFolder();
      const { error } = await get(server.port, "a", out);
      assertInstanceOf(error, ProtocolError);
      assertEquals([out.names(), out.read("a.part")], [["a.part"], CONTENT]);
    }
  });
}

Deno.test("an answer that comes byte by byte is read all the same", async () => {
  await using server = await plainServer({ a: CONTENT }, {
    async GET(name, { socket }) {
      socket.setNoDelay(true);
      for (
        const byte of bytesOf(`SENDING_FILE ${name} ${CONTENT.length}\r\n`)
      ) {
        await new Promise<void>((resolve) =>
          socket.write(Uint8Array.of(byte), () => resolve())
        );
      }
    },
    READY: (_, { send }) => send(CONTENT),
  });
  using out = new TempFolder();
  const { result } = await get(server.port, "a", out);
  assert(result?.kind === "fetched");
  assertEquals(out.read("a"), CONTENT);
});

Deno.test("an announcement and the first bytes, or all, in one segment", async () => {
  for (const first of [1, 700, 4096, CONTENT.length]) {
    await using server = await plainServer({ a: CONTENT }, {
      GET(name, { send }) {
        const line = bytesOf(`SENDING_FILE ${name} ${CONTENT.length}\r\n`);
        const segment = new Uint8Array(line.length + first);
        segment.set(line);
        segment.set(CONTENT.subarray(0, first), line.length);
        send(segment);
      },
      READY: (_, { send }) => send(CONTENT.subarray(first)),
    });
    using out = new TempFolder();
    const { result } = await get(server.port, "a", out);
    assert(result?.kind === "fetched");
    assertEquals(out.read("a"), CONTENT);
  }
});

const WRONG_ANSWERS: [name: string, answer: string, text: string][] = [
  ["another file", "SENDING_FILE b 5\r\n", "another file"],
  ["a path", "SENDING_FILE ../a 5\r\n", "another file"],
  ["an absolute path", "SENDING_FILE /tmp/a 5\r\n", "another file"],
  ["no size", "SENDING_FILE a\r\n", "Unexpected answer"],
  ["a size below zero", "SENDING_FILE a -1\r\n", "Expected a size"],
  ["a size beyond numbers", "SENDING_FILE a 99999999999999999\r\n", "size"],
  ["another protocol", "HTTP/1.1 400 Bad Request\r\n", "Unexpected answer"],
  ["an answer out of turn", "BYE\r\n", "bye in place of sending"],
  ["an escape sequence", "\x1b[2J\r\n", "Unexpected answer"],
];

for (const [name, answer, text] of WRONG_ANSWERS) {
  Deno.test(`GET answered with ${name}: nothing is written`, async () => {
    await using server = await plainServer({}, {
      GET: (_, { send }) => send(answer),
    });
    using out = new TempFolder();
    Deno.mkdirSync(out.of("in"));
    using client = fileClient(HOST, server.port);
    const error = await assertRejects(
      () => download(client, "a", out.of("in/a")),
      ProtocolError,
      text,
    );
    assert(!formatExplanation(explainError(error)).includes("\x1b"));
    assertEquals(out.names(), ["in"]);
    assertEquals([...Deno.readDirSync(out.of("in"))], []);
  });
}

Deno.test("a list that does not end, or is none, is an error", async () => {
  const answers: [answer: string, says: string][] = [
    ["FILES 2\r\na 1\r\n", "It ended the session"],
    ["FILES 1\r\na", "ended in the middle of a line"],
    ["FILES 99999999999\r\na 1\r\n", "It has 99999999999 files"],
    ["FILES 1\r\nno size\r\n", "Expected a size"],
    [`FILES 1\r\n${"x".repeat(5000)}\r\n`, "longer than 4096 bytes"],
    ["", "It ended the session"],
    [`FILES 1\r\n${"x".repeat(256)} 1\r\n`, "Unexpected answer"],
    [`FILES 270000\r\n${`${"x".repeat(250)} 1\r\n`.repeat(270000)}`, "never"],
  ];
  for (const [answer, says] of answers) {
    await using server = await plainServer({}, {
      LIST: (_, { socket }) => socket.end(answer),
    });
    using client = fileClient(HOST, server.port);
    await assertRejects(() => client.list(), ProtocolError, says);
  }
});

Deno.test("a server that says nothing is given up after the idle limit", async () => {
  using time = new FakeTime();
  const ready = Promise.withResolvers<void>();
  await using server = await plainServer({ a: CONTENT }, {
    READY: () => ready.resolve(),
  });
  using out = new TempFolder();
  using client = fileClient(HOST, server.port);
  const downloading = download(client, "a", out.of("a"));
  await ready.promise;
  const error = await assertRejects(
    () => time.passUntil(downloading, 1000),
    TimeoutError,
  );
  assertEquals(error.clock, "idle");
});

Deno.test("the hash of a large file may take longer, and nothing after it", async () => {
  const seen: number[] = [];
  const ask = async (idleTimeoutMs: number, size: number) => {
    const source = {
      read() {
        seen.push(connection.idleTimeoutMs);
        return Promise.resolve(null);
      },
    };
    const { connection } = fakeConn(source);
    connection.idleTimeoutMs = idleTimeoutMs;
    using client = new FileClient(() => Promise.resolve(connection));
    await assertRejects(() => client.hashOf("a", size), UnexpectedEndError);
    seen.push(connection.idleTimeoutMs);
  };
  await ask(100, 5_000_000);
  await ask(100, 0);
  // Without a limit there is none to raise.
  await ask(0, 5_000_000);
  assertEquals(seen, [600, 100, 100, 100, 0, 0]);
});

Deno.test("the client connects again when the server dropped it for being idle", async () => {
  using folder = new TempFolder({ a: CONTENT });
  using out = new TempFolder();
  const dropped = Promise.withResolvers<void>();
  const log = ({ event, reason }: LogEntry) => {
    if (event === "disconnect" && reason === "idle") dropped.resolve();
  };
  using time = new FakeTime();
  const options = { dir: folder.path, idleTimeoutMs: 60_000, log };
  await using server = fileServer(0, options);
  using client = fileClient(HOST, server.addr.port);
  assertEquals((await client.list()).kind, "listing");
  await time.passUntil(dropped.promise, 10_000);
  const result = await download(client, "a", out.of("a"));
  assert(result.kind === "fetched" && result.same);
  await client.quit();
});

Deno.test("on a new connection the client asks for hashing again", async () => {
  let gets = 0;
  const plain = plainAnswers({ a: CONTENT });
  await using server = await plainServer({ a: CONTENT }, {
    ...extended(),
    GET(name, talk) {
      if (gets++ === 0) talk.socket.end();
      else plain.GET!(name, talk);
    },
  });
  using out = new TempFolder();
  assertEquals((await get(server.port, "a", out)).error, null);
  assertEquals(
    server.heard.slice(0, 4),
    ["FEATURES", "GET a", "FEATURES", "GET a"],
  );
});

Deno.test("more bytes than announced, and then the end, are an error", async () => {
  await using server = await plainServer({ a: CONTENT }, {
    READY: (_, { socket }) => socket.end(new Uint8Array([...CONTENT, 33])),
  });
  using out = new TempFolder();
  const { error } = await get(server.port, "a", out);
  assertInstanceOf(error, ProtocolError);
  assertEquals(out.names(), ["a.part"]);
});

Deno.test("a server that drops every connection is not asked for ever", async () => {
  let connections = 0;
  await using server = await plainServer({}, {
    LIST(_, { socket }) {
      connections++;
      socket.end();
    },
  });
  using client = fileClient(HOST, server.port);
  await assertRejects(() => client.list(), UnexpectedEndError);
  assertEquals(connections, 1);
});

Deno.test("quit() takes BYE, or no answer at all, but nothing else", async () => {
  const answers: [Answer, boolean][] = [
    [(_, { socket }) => socket.end("BYE\r\n"), true],
    [(_, { socket }) => socket.end(), true],
    [(_, { socket }) => socket.resetAndDestroy(), true],
    [(_, { socket }) => socket.end("what?\r\n"), false],
    [(_, { socket }) => socket.end("CANCELLED\r\n"), false],
  ];
  for (const [QUIT, good] of answers) {
    await using server = await plainServer({}, { QUIT });
    using client = fileClient(HOST, server.port);
    await client.list();
    const left = await client.quit().then(() => true, (error) => {
      assertInstanceOf(error, ProtocolError);
      return false;
    });
    assertEquals(left, good);
  }
});

Deno.test("quit() does not mind a server that says nothing more", async () => {
  using time = new FakeTime();
  const heard = Promise.withResolvers<void>();
  await using server = await plainServer({}, { QUIT: () => heard.resolve() });
  using client = fileClient(HOST, server.port);
  assertEquals((await client.list()).kind, "listing");
  const quitting = client.quit();
  await heard.promise;
  await time.passUntil(quitting, 1000);
});

Deno.test("quit() does not wait for what was announced and not taken", async () => {
  await using server = await plainServer({ a: CONTENT });
  using client = fileClient(HOST, server.port);
  assertEquals(
    (await client.ask({ kind: "get", name: "a" }, "sending")).kind,
    "sending",
  );
  await client.quit();
  assertEquals(server.heard, ["GET a"]);
});

Deno.test("with force a folder is not replaced, and nothing is fetched", async () => {
  await using server = await plainServer({ a: CONTENT });
  using out = new TempFolder();
  Deno.mkdirSync(out.of("a"));
  const { error } = await get(server.port, "a", out, { force: true });
  assertInstanceOf(error, ExerciseError);
  assertStringIncludes(error.message, "and no file");
  assertEquals([server.heard, out.names()], [[], ["a"]]);
});

Deno.test("Ctrl-C in the middle: the signal's reason, and the part stays", async () => {
  const stop = new AbortController();
  const reason = new DOMException("Ctrl-C", "AbortError");
  await using server = await plainServer({ a: CONTENT }, {
    READY: (_, { send }) => send(CONTENT.subarray(0, 10)),
  });
  using out = new TempFolder();
  using client = fileClient(HOST, server.port, { signal: stop.signal });
  const error = await assertRejects(
    () =>
      download(client, "a", out.of("a"), {
        onProgress: (bytes) => void (bytes > 0 && stop.abort(reason)),
      }),
    DOMException,
  );
  assertEquals(error, reason);
  assertEquals(out.read("a.part"), CONTENT.subarray(0, 10));
});

Deno.test("a file that is there is not replaced, without force", async () => {
  await using server = await plainServer({ a: CONTENT });
  using out = new TempFolder({ a: "mine" });
  const { error } = await get(server.port, "a", out);
  assertInstanceOf(error, ExerciseError);
  assertStringIncludes(error.message, "--force");
  assertEquals([server.heard, out.names()], [[], ["a"]]);
  assertEquals(out.read("a"), bytesOf("mine"));

  const { result } = await get(server.port, "a", out, { force: true });
  assert(result?.kind === "fetched");
  assertEquals([out.names(), out.read("a")], [["a"], CONTENT]);
});

Deno.test({
  name: "with force nothing but a file is replaced",
  ignore: Deno.build.os === "windows", // It has other links, and no FIFO.
  fn: async () => {
    await using server = await plainServer({ fifo: CONTENT, link: CONTENT });
    using out = new TempFolder({ precious: "mine" });
    makeNode(out.of("fifo"), "p");
    Deno.symlinkSync("precious", out.of("link"));
    for (const name of ["fifo", "link"]) {
      const { error } = await get(server.port, name, out, { force: true });
      assertInstanceOf(error, ExerciseError);
      assertStringIncludes(error.message, "and no file");
    }
    assertEquals(server.heard, []);
    assertEquals(out.names(), ["fifo", "link", "precious"]);
  },
});

Deno.test("a name as long as a file system takes can be fetched", async () => {
  for (
    const name of [
      "n".repeat(255),
      "ñ".repeat(127),
      "n".repeat(251),
      `${"n".repeat(250)}.part`,
    ]
  ) {
    await using server = await plainServer({ [name]: CONTENT });
    using out = new TempFolder();
    assertEquals((await get(server.port, name, out)).error, null);
    assertEquals([out.names(), out.read(name)], [[name], CONTENT]);
  }
});

Deno.test("a target that begins with a dot has a part of its own", async () => {
  await using server = await plainServer({ a: CONTENT });
  using out = new TempFolder({ ".part": "mine" });
  using client = fileClient(HOST, server.port);
  const path = out.of(".hidden");
  const fetched = await download(client, "a", path, { force: true });
  assertEquals(fetched.kind, "fetched");
  assertEquals(out.names(), [".hidden", ".part"]);
  assertEquals(out.read(".part"), bytesOf("mine"));
  await client.quit();
});

Deno.test("the hash of another file is no answer", async () => {
  await using server = await plainServer({ a: CONTENT }, {
    ...extended(),
    SHA256: (_, { send }) => send(`SHA256 ${sha256(CONTENT)} other\r\n`),
  });
  using out = new TempFolder();
  const { error } = await get(server.port, "a", out);
  assertInstanceOf(error, ProtocolError);
  assertEquals(out.names(), ["a.part"]);
});

Deno.test("what an earlier download left is not thrown away, without force", async () => {
  await using server = await plainServer({ a: CONTENT });
  using out = new TempFolder({ "a.part": "mine" });
  const { error } = await get(server.port, "a", out);
  assertInstanceOf(error, ExerciseError);
  assertStringIncludes(error.message, "--resume goes on with it, --force ");
  assertEquals([server.heard, out.names()], [[], ["a.part"]]);
  assertEquals(out.read("a.part"), bytesOf("mine"));

  const { result } = await get(server.port, "a", out, { force: true });
  assert(result?.kind === "fetched");
  assertEquals([out.names(), out.read("a")], [["a"], CONTENT]);
});

Deno.test("an empty part is nothing to keep", async () => {
  await using server = await plainServer({ a: CONTENT });
  using out = new TempFolder({ "a.part": "" });
  assertEquals((await get(server.port, "a", out)).error, null);
  assertEquals([out.names(), out.read("a")], [["a"], CONTENT]);
});

Deno.test("a file that appears meanwhile is not replaced either", async () => {
  using out = new TempFolder();
  await using server = await plainServer({ a: CONTENT }, {
    READY(_, { send }) {
      out.write("a", "mine");
      send(CONTENT);
    },
  });
  const { error } = await get(server.port, "a", out);
  assertInstanceOf(error, ExerciseError);
  assertStringIncludes(error.message, "is there already");
  assertEquals(out.read("a"), bytesOf("mine"));
  assertEquals(out.read("a.part"), CONTENT);
});

Deno.test("a second download to one place is refused, whatever it is told to do", async () => {
  using out = new TempFolder();
  const [begun, goOn] = [
    Promise.withResolvers<void>(),
    Promise.withResolvers<void>(),
  ];
  await using server = await plainServer({ a: CONTENT }, {
    async READY(_, { send }) {
      send(CONTENT.subarray(0, 1000));
      await goOn.promise;
      send(CONTENT.subarray(1000));
    },
  });
  using client = fileClient(HOST, server.port);
  const first = download(client, "a", out.of("a"), {
    onProgress: (bytes) => void (bytes === 1000 && begun.resolve()),
  });
  await begun.promise;
  for (const options of [{ force: true }, { resume: true }]) {
    const { error } = await get(server.port, "a", out, options);
    assertInstanceOf(error, ExerciseError);
    assertStringIncludes(error.message, "Another program");
  }
  goOn.resolve();
  assertEquals((await first).kind, "fetched");
  assertEquals([out.names(), out.read("a")], [["a"], CONTENT]);
});

/** Runs `action` while some calls of Deno are others. */
async function withDeno<T>(
  others: Partial<Pick<typeof Deno, "link" | "open">>,
  action: () => Promise<T>,
) {
  const { link, open } = Deno;
  Object.assign(Deno, others);
  try {
    return await action();
  } finally {
    Object.assign(Deno, { link, open });
  }
}

Deno.test("a file that comes into being at the last moment is not replaced, without force", async () => {
  using out = new TempFolder();
  await using server = await plainServer({ a: CONTENT });
  const original = Deno.link;
  const link: typeof Deno.link = (from, to) => {
    out.write("a", "mine");
    return original(from, to);
  };
  const { error } = await withDeno({ link }, () => get(server.port, "a", out));
  assertInstanceOf(error, ExerciseError);
  assertStringIncludes(error.message, "is there already");
  assertEquals([out.read("a"), out.read("a.part")], [bytesOf("mine"), CONTENT]);
});

Deno.test("a file gets its name also where there are no hard links", async () => {
  using out = new TempFolder();
  await using server = await plainServer({ a: CONTENT });
  const link = () => Promise.reject(new Deno.errors.NotSupported("link"));
  const { error } = await withDeno({ link }, () => get(server.port, "a", out));
  assertEquals([error, out.names(), out.read("a")], [null, ["a"], CONTENT]);
});

Deno.test("a part that another program begins at this moment is left to it", async () => {
  await using server = await plainServer({ a: CONTENT });
  using out = new TempFolder();
  const original = Deno.open;
  const open: typeof Deno.open = (path, options) =>
    options?.createNew
      ? Promise.reject(new Deno.errors.AlreadyExists("a.part"))
      : original(path, options);
  const { error } = await withDeno({ open }, () => get(server.port, "a", out));
  assertInstanceOf(error, ExerciseError);
  assertStringIncludes(error.message, "Another program");
});

Deno.test("after an error in the middle the next question has a new connection", async () => {
  const broken: Record<string, Answer>[] = [
    { LIST: (_, { send }) => send("FILES 2\r\nno size\r\nb 2\r\n") },
    {
      GET(_, talk) {
        talk.announced = "another";
        talk.send("SENDING_FILE another 5\r\n");
      },
    },
    { GET: (_, { send }) => send("BYE\r\n") },
    { READY: (_, { socket }) => socket.end("half") },
  ];
  for (const answers of broken) {
    let faulty = true;
    const once = Object.entries(answers).map(([word, answer]) => [
      word,
      (rest: string, talk: Talk) => {
        if (faulty) answer(rest, talk);
        else plain[word]!(rest, talk);
        faulty = false;
      },
    ]);
    const plain = plainAnswers({ a: CONTENT });
    await using server = await plainServer(
      { a: CONTENT },
      Object.fromEntries(once),
    );
    using out = new TempFolder();
    using client = fileClient(HOST, server.port);
    const ask = async () => {
      await client.list();
      await download(client, "a", out.of("a"), { force: true });
    };
    await assertRejects(ask, ProtocolError);
    await ask();
    assertEquals(out.read("a"), CONTENT);
    await client.quit();
  }
});

Deno.test("a full disk: a clear error, the part stays, not renamed", async () => {
  await using server = await plainServer({ a: CONTENT }, extended());
  using out = new TempFolder();
  const full = Object.assign(new Error("No space left on device"), {
    code: "ENOSPC",
  });
  const original = Deno.open;
  const open = async (...args: Parameters<typeof Deno.open>) => {
    const file = await original(...args);
    let left = 1500;
    const write = file.write.bind(file);
    return Object.assign(file, {
      write(data: Uint8Array) {
        if (left === 0) return Promise.reject(full);
        const part = data.subarray(0, left);
        left -= part.length;
        return write(part);
      },
    });
  };
  const { error, notes } = await withDeno(
    { open },
    () => get(server.port, "a", out),
  );
  assertEquals(error, full);
  assertStringIncludes(formatExplanation(explainError(error)), "no space left");
  assertStringIncludes(notes.join(), "1500 of 5000 bytes are in");
  assertEquals(out.names(), ["a.part"]);
  assertEquals(out.read("a.part"), CONTENT.subarray(0, 1500));
  // When there is room again, the rest comes.
  using folder = new TempFolder({ a: CONTENT });
  await using ours = fileServer(0, { dir: folder.path });
  const { result } = await get(ours.addr.port, "a", out, { resume: true });
  assert(result?.kind === "fetched" && result.same);
  assertEquals(out.read("a"), CONTENT);
});

Deno.test("--output: nothing, a folder, a file, several files", async () => {
  using out = new TempFolder({ file: "" });
  assertEquals(await chooseTarget("", 2), { folder: "" });
  assertEquals(await chooseTarget("-", 2), { file: "-" });
  assertEquals(await chooseTarget("a/b/", 2), { folder: "a/b/" });
  assertEquals(await chooseTarget(out.path, 2), { folder: `${out.path}/` });
  assertEquals(await chooseTarget(out.of("new"), 1), { file: out.of("new") });
  assertEquals(await chooseTarget(out.of("file"), 1), { file: out.of("file") });
  await assertRejects(() => chooseTarget(out.of("new"), 2), UsageError);
});

Deno.test("targetPath() keeps a server's name inside the folder", () => {
  assertEquals(targetPath({ folder: "" }, "a b"), "a b");
  assertEquals(targetPath({ folder: "x/" }, "a b"), "x/a b");
  assertEquals(targetPath({ file: "-" }, "a b"), "-");
  for (const name of ["../a", "/a", "a/b", "..", ".", "", "C:a", "a\nQUIT"]) {
    for (const target of [{ folder: "" }, { folder: "x/" }, { file: "y" }]) {
      let message = "";
      try {
        targetPath(target, name);
      } catch (error) {
        assertInstanceOf(error, ExerciseError);
        message = error.message;
      }
      assertStringIncludes(message, "no shared file has such a name");
      assert(!message.includes("\n"));
    }
  }
});

Deno.test("fetchFile() tells how far it is, and hashes what it writes", async () => {
  using folder = new TempFolder({ a: testBytes(1_000_000) });
  await using server = fileServer(0, { dir: folder.path });
  using client = fileClient(HOST, server.addr.port);
  const steps: number[] = [];
  const parts: Uint8Array[] = [];
  let commits = 0;
  const target = {
    beginning: null,
    open: () => Promise.resolve(),
    write(data: Uint8Array) {
      parts.push(data.slice());
      return Promise.resolve(data.length);
    },
    commit: () => Promise.resolve(void commits++),
  };
  const fetched = await fetchFile(client, "a", target, {
    chunkBytes: 4096,
    onProgress(bytes, total) {
      assertEquals(total, 1_000_000);
      steps.push(bytes);
    },
  });
  assert(fetched.kind === "fetched" && fetched.same);
  assert(steps.length >= 1_000_000 / 4096, "it read more than a chunk at once");
  assertEquals(steps.at(-1), 1_000_000);
  assert(parts.every((part) => part.length <= 4096));
  assertEquals(commits, 1);
  await client.quit();
});
