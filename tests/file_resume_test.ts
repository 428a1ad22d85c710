/** Downloads that stopped somewhere, and go on. */
import {
  assert,
  assertEquals,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { createHash } from "node:crypto";
import { fileClient } from "../exercises/08_file_client.ts";
import { fileServer } from "../exercises/08_file_server.ts";
import { ExerciseError } from "../exercises/cli/outcome.ts";
import type { LogEntry } from "../servers/log.ts";
import { download } from "./support/download.ts";
import { type Answer, plainServer } from "./support/plain_files.ts";
import { TempFolder, testBytes } from "./support/temp_folder.ts";

const HOST = "127.0.0.1";
const CONTENT = testBytes(200);

/** Our server with one file, `a`, and the sizes of what it has sent. */
function start(content: Uint8Array) {
  const folder = new TempFolder({ a: content });
  const sent: number[] = [];
  const log = ({ event, bytes }: LogEntry) => {
    if (event === "sent") sent.push(Number(bytes));
  };
  const server = fileServer(0, { dir: folder.path, log });
  return {
    ...{ sent, folder, port: server.addr.port },
    async [Symbol.asyncDispose]() {
      await server.shutdown();
      folder[Symbol.dispose]();
    },
  };
}

/** Resumes `a` from `part`, or from nothing; what is there then. */
async function resume(
  port: number,
  part: Uint8Array | null,
  { force = false } = {},
) {
  using out = new TempFolder(part ? { "a.part": part } : {});
  using client = fileClient(HOST, port);
  const notes: string[] = [];
  const result = await download(client, "a", out.of("a"), {
    resume: true,
    force,
    onNote: (note) => notes.push(note.replaceAll(out.path, "")),
  });
  await client.quit();
  const names = out.names();
  const content = names.includes("a") ? out.read("a") : null;
  return { result, notes, names, content };
}

Deno.test("a download that stopped at any byte goes on there, and is verified", async () => {
  await using server = start(CONTENT);
  for (let length = 0; length <= CONTENT.length; length++) {
    const part = CONTENT.subarray(0, length);
    const { result, notes, names, content } = await resume(server.port, part);
    assert(result.kind === "fetched" && result.same, `${length} bytes`);
    assertEquals([names, content, notes], [["a"], CONTENT, []]);
    assertEquals(server.sent.pop(), CONTENT.length - length);
  }
});

Deno.test("resume without a part is a download like any other", async () => {
  await using server = start(CONTENT);
  const { result, notes, content } = await resume(server.port, null);
  assert(result.kind === "fetched" && result.same);
  assertEquals([content, notes, server.sent], [CONTENT, [], [200]]);
});

Deno.test("resume of a large file sends the rest only", async () => {
  const large = testBytes(5_000_000);
  await using server = start(large);
  for (const length of [1, 1_048_576, 4_999_999]) {
    const part = large.subarray(0, length);
    const { result, content } = await resume(server.port, part);
    assert(result.kind === "fetched" && result.same);
    assertEquals(sha256(content!), sha256(large));
    assertEquals(server.sent.pop(), large.length - length);
  }
});

/** Resuming is refused, and what was there stays to the byte. */
async function isRefused(port: number, part: Uint8Array): Promise<string> {
  using out = new TempFolder({ "a.part": part });
  using client = fileClient(HOST, port);
  const error = await assertRejects(
    () => download(client, "a", out.of("a"), { resume: true }),
    ExerciseError,
  );
  assertEquals([out.names(), out.read("a.part")], [["a.part"], part]);
  return error.message.replaceAll(out.path, "");
}

const OTHERS: [what: string, part: Uint8Array][] = [
  ["of another file", testBytes(100, 2)],
  ["with a wrong first byte", CONTENT.slice(0, 100).with(0, 0)],
  ["with a wrong last byte", CONTENT.slice(0, 100).with(99, 0)],
  ["as long as the file, but another", testBytes(200, 2)],
  ["longer than the file", testBytes(201, 2)],
  ["that is the file and more", testBytes(65_000)],
];

for (const [what, part] of OTHERS) {
  Deno.test(`a part ${what} is not continued: it stays, and --force starts again`, async () => {
    await using server = start(CONTENT);
    assertEquals(
      await isRefused(server.port, part),
      "/a.part is not the beginning of this file: --force begins anew",
    );
    const { result, notes, names, content } = await resume(
      server.port,
      part,
      { force: true },
    );
    assert(result.kind === "fetched" && result.same);
    assertEquals([names, content], [["a"], CONTENT]);
    const begin = "/a.part is not the beginning of this file: starting again";
    assertEquals(notes, [begin]);
    assertEquals(server.sent.at(-1), CONTENT.length);
  });
}

const MEANWHILE: [what: string, change: (path: string) => void][] = [
  ["shortened", (path) => Deno.truncateSync(path, 50)],
  ["made longer", (path) => Deno.truncateSync(path, 300)],
  ["replaced", (path) => {
    Deno.removeSync(path);
    Deno.writeFileSync(path, CONTENT.subarray(0, 100));
  }],
];

Deno.test("a part that has grown behind the last byte is not taken for the file", async () => {
  using out = new TempFolder();
  await using server = await plainServer({ a: CONTENT }, {
    FEATURES: (_, { send }) => send("FEATURES SHA256\r\n"),
    SHA256(_, { send }) {
      Deno.writeTextFileSync(out.of("a.part"), "more", { append: true });
      send(`SHA256 ${sha256(CONTENT)} a\r\n`);
    },
  });
  using client = fileClient(HOST, server.port);
  const error = await assertRejects(
    () => download(client, "a", out.of("a")),
    ExerciseError,
  );
  assertStringIncludes(error.message, "Another program");
  assertEquals(out.names(), ["a.part"]);
});

Deno.test("a part that is the second name of a file is not continued in it", async () => {
  using out = new TempFolder({ keep: CONTENT.subarray(0, 100) });
  Deno.linkSync(out.of("keep"), out.of("a.part"));
  using folder = new TempFolder({ a: CONTENT });
  await using server = fileServer(0, { dir: folder.path });
  using client = fileClient(HOST, server.addr.port);
  await download(client, "a", out.of("a"), { resume: true });
  assertEquals(out.read("a"), CONTENT);
  assertEquals(out.read("keep"), CONTENT.subarray(0, 100));
  assertEquals(out.names(), ["a", "keep"]);
  await client.quit();
});

for (const [what, change] of MEANWHILE) {
  Deno.test(`a part that is ${what} while the server thinks is not trusted`, async () => {
    using out = new TempFolder({ "a.part": CONTENT.subarray(0, 100) });
    await using server = await plainServer({}, {
      FEATURES: (_, { send }) => send("FEATURES RESUME SHA256\r\n"),
      RESUME(_, { send }) {
        change(out.of("a.part"));
        send("SENDING_FILE a 200\r\n");
      },
      READY: (_, { send }) => send(CONTENT.subarray(100)),
      SHA256: (_, { send }) => send(`SHA256 ${sha256(CONTENT)} a\r\n`),
    });
    using client = fileClient(HOST, server.port);
    const error = await assertRejects(
      () => download(client, "a", out.of("a"), { resume: true }),
      ExerciseError,
    );
    assertStringIncludes(error.message, "Another program");
    assertEquals(out.names(), ["a.part"]);
  });
}

for (const word of ["RESUME", "SHA256"]) {
  Deno.test(`a server that cannot answer ${word} now costs no part`, async () => {
    using out = new TempFolder({ "a.part": CONTENT.subarray(0, 100) });
    await using server = await plainServer({ a: CONTENT }, {
      FEATURES: (_, { send }) => send("FEATURES RESUME SHA256\r\n"),
      RESUME: (_, { send }) => send("SENDING_FILE a 200\r\n"),
      READY: (_, { send }) => send(CONTENT.subarray(100)),
      [word]: (_, { send }) => send("ERROR UNAVAILABLE try again\r\n"),
    });
    using client = fileClient(HOST, server.port);
    const notes: string[] = [];
    const onNote = (note: string) => void notes.push(note);
    const options = { resume: true, onNote };
    const result = await download(client, "a", out.of("a"), options);
    const told = `200 of 200 bytes are in ${out.of("a.part")}: ` +
      "--resume goes on from there";
    assertEquals(result.kind, "error");
    assertEquals(notes, word === "SHA256" ? [told] : []);
    const part = word === "RESUME" ? CONTENT.subarray(0, 100) : CONTENT;
    assertEquals([out.names(), out.read("a.part")], [["a.part"], part]);
  });
}

Deno.test("starting again, it says how far it came this time", async () => {
  let readies = 0;
  await using server = await plainServer({ a: CONTENT }, {
    FEATURES: (_, { send }) => send("FEATURES RESUME SHA256\r\n"),
    RESUME: (_, { send }) => send("SENDING_FILE a 200\r\n"),
    SHA256: (name, { send }) => send(`SHA256 ${"0".repeat(64)} ${name}\r\n`),
    READY(_, { send, socket }) {
      if (++readies === 1) send(CONTENT.subarray(150));
      else socket.end(CONTENT.subarray(0, 10));
    },
  });
  using out = new TempFolder({ "a.part": CONTENT.subarray(0, 150) });
  using client = fileClient(HOST, server.port);
  const notes: string[] = [];
  await download(client, "a", out.of("a"), {
    resume: true,
    force: true,
    onNote: (note) => notes.push(note),
  }).catch(() => {});
  assertStringIncludes(notes[0]!, "starting again");
  assertEquals(notes[1]!.slice(0, 16), "10 of 200 bytes ");
});

Deno.test("the file on the server became another one: --force starts again", async () => {
  const before = testBytes(1000, 5);
  await using server = start(before);
  server.folder.write("a", CONTENT);
  const part = before.subarray(0, 150);
  await isRefused(server.port, part);
  const { result, notes, content } = await resume(server.port, part, {
    force: true,
  });
  assert(result.kind === "fetched" && result.same);
  assertEquals([content, notes.length], [CONTENT, 1]);
});

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

const NO_WAY_TO_TELL: Record<string, Record<string, Answer>> = {
  "a plain server": {},
  "a server without SHA256": {
    FEATURES: (_, { send }) => send("FEATURES RESUME\r\n"),
  },
  "a server without RESUME": {
    FEATURES: (_, { send }) => send("FEATURES SHA256\r\n"),
    SHA256: (name, { send }) => send(`SHA256 ${sha256(CONTENT)} ${name}\r\n`),
  },
};

for (const [name, answers] of Object.entries(NO_WAY_TO_TELL)) {
  Deno.test(`${name} cannot tell whether a part is right: --force starts again`, async () => {
    await using server = await plainServer({ a: CONTENT }, answers);
    const part = CONTENT.subarray(0, 100);
    assertStringIncludes(
      await isRefused(server.port, part),
      "has no RESUME and SHA256",
    );
    const { result, notes, content } = await resume(server.port, part, {
      force: true,
    });
    assert(result.kind === "fetched");
    assertEquals(content, CONTENT);
    assertEquals(notes.length, 1);
    assertStringIncludes(notes[0]!, "starting again");
    assert(!server.heard.some((line) => line.startsWith("RESUME")));
  });
}

Deno.test("a part stays when the server has no such file any more", async () => {
  await using server = start(CONTENT);
  Deno.removeSync(server.folder.of("a"));
  const part = CONTENT.subarray(0, 100);
  const { result, names } = await resume(server.port, part);
  assert(result.kind === "error" && result.code === "NOT_FOUND");
  assertEquals(names, ["a.part"]);
});

Deno.test("a server that dies at any byte, then another that lives: whole, verified", async () => {
  await using alive = start(CONTENT);
  using out = new TempFolder();
  let cutAt = 0;
  await using dying = await plainServer({ a: CONTENT }, {
    FEATURES: (_, { send }) => send("FEATURES RESUME SHA256\r\n"),
    READY: (_, { socket }) => socket.end(CONTENT.subarray(0, cutAt)),
  });
  for (cutAt = 0; cutAt < CONTENT.length; cutAt++) {
    using first = fileClient(HOST, dying.port);
    const error = await download(first, "a", out.of("a")).catch(String);
    assertStringIncludes(`${error}`, `after ${cutAt} of 200 bytes`);
    assertEquals(out.names(), ["a.part"]);
    using second = fileClient(HOST, alive.port);
    const result = await download(second, "a", out.of("a"), { resume: true });
    assert(result.kind === "fetched" && result.same, `cut at ${cutAt}`);
    assertEquals([out.names(), out.read("a")], [["a"], CONTENT]);
    assertEquals(alive.sent.pop(), CONTENT.length - cutAt);
    Deno.removeSync(out.of("a"));
  }
});

Deno.test("a finished file that is called like a part is no part to throw away", async () => {
  using folder = new TempFolder({ a: CONTENT, "a.part": testBytes(90, 7) });
  await using server = fileServer(0, { dir: folder.path });
  using out = new TempFolder();
  using client = fileClient(HOST, server.addr.port);
  await download(client, "a.part", out.of("a.part"));
  await assertRejects(
    () => download(client, "a", out.of("a"), { resume: true }),
    ExerciseError,
    "--force begins anew",
  );
  assertEquals([out.names(), out.read("a.part")], [
    ["a.part"],
    testBytes(90, 7),
  ]);
  await client.quit();
});

Deno.test("resume of a file that is complete: it is verified, and nothing is fetched", async () => {
  await using server = start(CONTENT);
  using out = new TempFolder({ a: CONTENT });
  using client = fileClient(HOST, server.port);
  const result = await download(client, "a", out.of("a"), { resume: true });
  assert(result.kind === "fetched" && result.same && result.received === 0);
  assertEquals([out.names(), server.sent], [["a"], []]);

  out.write("a", CONTENT.subarray(1));
  await assertRejects(
    () => download(client, "a", out.of("a"), { resume: true }),
    ExerciseError,
    "is there already",
  );
  assertEquals(out.read("a"), CONTENT.subarray(1));
  await client.quit();
});
