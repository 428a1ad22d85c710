/** Files in compressed chunks: good and bad servers, and how much memory. */
import {
  assert,
  assertEquals,
  assertInstanceOf,
  assertMatch,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { createHash } from "node:crypto";
import * as zlib from "node:zlib";
import { fileClient } from "../exercises/08_file_client.ts";
import { fileServer } from "../exercises/08_file_server.ts";
import { ZstdClient } from "../exercises/08_files/zstd_client.ts";
import { ProtocolError } from "../protocol/errors.ts";
import {
  formatChunkLine,
  loadZstd,
  MAX_CHUNK_BYTES,
  parseChunkLine,
} from "../protocol/file_chunks.ts";
import { ChunkWriter } from "../servers/files/chunk_writer.ts";
import type { LogEntry } from "../servers/log.ts";
import { bytesOf, chunkings, readerOf } from "./support/chunkings.ts";
import { download } from "./support/download.ts";
import { fakeConn } from "./support/fake_conn.ts";
import { HAS_ZSTD } from "./support/features.ts";
import { PlainClient, plainServer, type Talk } from "./support/plain_files.ts";
import { ROOT, runScript } from "./support/script.ts";
import { TempFolder, testBytes } from "./support/temp_folder.ts";

const HOST = "127.0.0.1";
const KIB = 1024;
const MIB = 1024 * KIB;
/** Where Deno has no zstd there is nothing to test but that. */
const ignore = !HAS_ZSTD;
const zstd = (await loadZstd())!;

/** Bytes that nothing makes shorter. */
const NOISE = crypto.getRandomValues(new Uint8Array(64 * KIB));

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

function concat(...parts: Uint8Array[]): Uint8Array {
  const all = new Uint8Array(
    parts.reduce((sum, { length }) => sum + length, 0),
  );
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** One frame, in one part: Deno 2.9 adds an empty frame to one of several. */
function frameOf(content: Uint8Array, params = {}): Uint8Array {
  const chunkSize = content.length + 16 * KIB;
  return zlib.zstdCompressSync(content, { chunkSize, params });
}

/** A chunk as it goes over the wire, made by node:zlib alone. */
function chunkOf(content: Uint8Array): Uint8Array {
  return asChunk(frameOf(content));
}

function asChunk(bytes: Uint8Array): Uint8Array {
  return concat(bytesOf(`CHUNK ${bytes.length}\r\n`), bytes);
}

const END = bytesOf("CHUNK 0\r\n");

/** A frame that begins like one of streams: without its size. */
function streamFrame(content: Uint8Array, windowLog: number): Uint8Array {
  const { ZSTD_c_contentSizeFlag, ZSTD_c_windowLog } = zlib.constants;
  return frameOf(content, {
    [ZSTD_c_contentSizeFlag]: 0,
    [ZSTD_c_windowLog]: windowLog,
  });
}

Deno.test("a line of a chunk is read and written", () => {
  for (const bytes of [0, 1, 4711, MAX_CHUNK_BYTES]) {
    const line = formatChunkLine(bytes);
    assertEquals(parseChunkLine(line.trimEnd()), bytes);
    assert(line.endsWith("\r\n"));
  }
  for (
    const line of [
      "",
      "CHUNK",
      "CHUNK ",
      "CHUNK -1",
      "CHUNK 1.5",
      "CHUNK 0x10",
      "CHUNK 1 2",
      "chunk 1",
      "ERROR UNAVAILABLE Gone",
      `CHUNK ${MAX_CHUNK_BYTES + 1}`,
      "CHUNK 99999999999999999999",
      `CHUNK ${"9".repeat(400)}`,
    ]
  ) assertThrows(() => parseChunkLine(line), ProtocolError);
});

Deno.test("a frame holds what was put into it, and a limit holds it", {
  ignore,
}, () => {
  const half = MAX_CHUNK_BYTES / 2;
  for (const size of [1, 1000, half - 1, half, half + 1, MAX_CHUNK_BYTES]) {
    for (const content of [testBytes(size), NOISE.subarray(0, size)]) {
      const frame = zstd.compress(content);
      assertEquals(zlib.zstdDecompressSync(frame).length, content.length);
      const { length } = content;
      assertEquals(sha256(zstd.expand(frame, length)), sha256(content));
      if (length === 1) continue;
      assertThrows(() => zstd.expand(frame, length - 1), ProtocolError);
    }
  }
  // What another encoder may send: a small window, no size.
  for (const log of [10, 17, 23]) {
    const frame = streamFrame(testBytes(100_000), log);
    assertEquals(zstd.expand(frame, 100_000), testBytes(100_000));
  }
});

Deno.test("a frame that is cut short is none, wherever that is", {
  ignore,
}, () => {
  const content = concat(NOISE, NOISE.toReversed(), NOISE);
  const { ZSTD_c_checksumFlag } = zlib.constants;
  const checked = { params: { [ZSTD_c_checksumFlag]: 1 } };
  for (
    const frame of [
      zstd.compress(content).slice(),
      streamFrame(content, 17),
      zlib.zstdCompressSync(content, checked),
    ]
  ) {
    assertEquals(zstd.expand(frame, MAX_CHUNK_BYTES), content);
    const { length } = frame;
    // A raw block comes out byte by byte, another one when all of it is there.
    for (const missing of [1, 2, 4, 5, 20, length / 2, length - 20, length]) {
      const cut = frame.subarray(0, length - Math.ceil(missing));
      assertThrows(() => zstd.expand(cut, MAX_CHUNK_BYTES), ProtocolError);
    }
  }
});

/** Ours, with a folder; and what a client of this page would do. */
async function startServer(dir: string) {
  const entries: LogEntry[] = [];
  const server = fileServer(0, { dir, log: (entry) => entries.push(entry) });
  const client = await PlainClient.connect(server.addr.port);
  return {
    ...{ server, client, entries, port: server.addr.port },
    async [Symbol.asyncDispose]() {
      client[Symbol.dispose]();
      await server.shutdown();
    },
  };
}

/** Every chunk of a file, expanded by node:zlib. */
async function readChunks(client: PlainClient): Promise<Uint8Array[]> {
  await client.send("READY\r\n");
  const pieces: Uint8Array[] = [];
  for (;;) {
    const length = parseChunkLine((await client.line())!);
    if (length === 0) return pieces;
    pieces.push(zlib.zstdDecompressSync(await client.bytes(length)));
  }
}

Deno.test(
  "our server sends chunks as the page says, and the hash of the file",
  { ignore },
  async () => {
    const files = {
      empty: "",
      a: "a",
      text: "a line like any other\n".repeat(50_000),
      bytes: concat(NOISE, NOISE, NOISE, NOISE, NOISE),
    };
    using folder = new TempFolder(files);
    await using started = await startServer(folder.path);
    const { client } = started;
    await client.ask("FEATURES");
    for (const name of Object.keys(files)) {
      const content = folder.read(name);
      for (
        const offset of new Set([
          0,
          Math.floor(content.length / 2),
          content.length,
        ])
      ) {
        const reply = await client.ask(`ZSTD ${offset} ${name}`);
        assertEquals(reply, `SENDING_FILE ${name} ${content.length}`);
        const pieces = await readChunks(client);
        assert(
          pieces.every(({ length }) => length > 0 && length <= MAX_CHUNK_BYTES),
        );
        assertEquals(
          sha256(concat(...pieces)),
          sha256(content.subarray(offset)),
        );
        const told = await client.ask(`SHA256 ${name}`);
        assertEquals(told, `SHA256 ${sha256(content)} ${name}`);
      }
    }
    assertMatch((await client.ask("ZSTD 2 a"))!, /^ERROR BAD_OFFSET /);
    assertMatch((await client.ask("ZSTD a"))!, /^ERROR BAD_REQUEST /);
    assertMatch((await client.ask("ZSTD 0 nope"))!, /^ERROR NOT_FOUND /);
    await client.ask("ZSTD 0 a");
    assertEquals(await client.ask("NO"), "CANCELLED");
    const sent = started.entries.find(({ event, name }) =>
      event === "sent" && name === "text"
    )!;
    assertEquals(sent.bytes, 1_100_000);
    assert(Number(sent.compressed) < 10_000);
  },
);

Deno.test(
  "a peer that does not read stops the compression",
  { ignore },
  async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    let writes = 0;
    const target = {
      async write(data: Uint8Array) {
        writes++;
        await promise;
        return data.length;
      },
    };
    const writer = new ChunkWriter(target, zstd);
    const writing = writer.write(testBytes(MIB));
    await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
    const state = await Promise.race([writing, Promise.resolve("it waits")]);
    assertEquals([writes, state], [1, "it waits"]);
    resolve();
    assertEquals(await writing, MAX_CHUNK_BYTES / 2);
  },
);

Deno.test(
  "who compresses lets others have their turn",
  { ignore },
  async () => {
    const target = {
      write: ({ length }: Uint8Array) => Promise.resolve(length),
    };
    const writer = new ChunkWriter(target, zstd);
    const content = testBytes(MIB);
    let ran = false;
    setTimeout(() => ran = true);
    let steps = 0;
    while (!ran && steps++ < 100_000) await writer.write(content);
    assert(ran, "nobody else was served");
  },
);

Deno.test("many who compress do not all do so in one turn", async () => {
  let turns = 0;
  let timer = setImmediate(function count() {
    turns++;
    timer = setImmediate(count);
  });
  const compressions = new Map<number, number>();
  const slow = {
    compress(content: Uint8Array) {
      compressions.set(turns, (compressions.get(turns) ?? 0) + 1);
      // Longer than one task may run.
      for (const startMs = performance.now(); performance.now() < startMs + 1;);
      return content.subarray(0, 1);
    },
    expand: (frame: Uint8Array) => frame,
  };
  const target = { write: ({ length }: Uint8Array) => Promise.resolve(length) };
  await Promise.all(Array.from({ length: 8 }, async () => {
    const writer = new ChunkWriter(target, slow);
    for (let i = 0; i < 4; i++) await writer.write(NOISE);
  }));
  clearImmediate(timer);
  assert(Math.max(...compressions.values()) <= 2, `${[...compressions]}`);
});

/** Downloads `name`, asking for chunks. */
async function get(
  port: number,
  name: string,
  out: TempFolder,
  options: Parameters<typeof download>[3] = {},
) {
  const patience = { timeoutMs: 60_000 };
  using client = fileClient(HOST, port, patience, ZstdClient);
  const result = await download(client, name, out.of(name), options);
  await client.quit();
  return result;
}

Deno.test(
  "get --compress: several on one connection, a list between, resumed",
  { ignore },
  async () => {
    const content = concat(testBytes(2 * MIB), NOISE);
    using folder = new TempFolder({ a: content, empty: "" });
    using out = new TempFolder({ "b.part": content.subarray(0, 1_000_000) });
    folder.write("b", content);
    await using started = await startServer(folder.path);
    using client = fileClient(HOST, started.port, {}, ZstdClient);
    const progress: number[] = [];
    const onProgress = (bytes: number) => void progress.push(bytes);
    for (const name of ["a", "empty"]) {
      const { length } = folder.read(name);
      const result = await download(client, name, out.of(name), { onProgress });
      assert(result.kind === "fetched" && result.same);
      assertEquals([result.size, result.received], [length, length]);
      assertEquals((await client.list()).kind, "listing");
    }
    assertEquals([out.read("a"), out.read("empty")], [content, bytesOf("")]);
    assertEquals([progress[0], progress.at(-2)], [0, content.length]);
    const path = out.of("b");
    const resumed = await download(client, "b", path, { resume: true });
    assert(resumed.kind === "fetched" && resumed.same);
    assertEquals(resumed.received, content.length - 1_000_000);
    assert(resumed.compressed! < 0.7 * resumed.received);
    assertEquals(out.read("b"), content);
    await client.quit();
    const bytes = started.entries.filter(({ event }) => event === "sent")
      .map(({ compressed }) => Number(compressed) > 0);
    assertEquals(bytes, [true, true, true]);
  },
);

Deno.test(
  "chunks are read the same, however the network cuts them",
  { ignore },
  async () => {
    const content = bytesOf("abc\nabc\nabc\n");
    const wire = concat(
      bytesOf("FEATURES ZSTD\r\nSENDING_FILE a 12\r\n"),
      ...[chunkOf(content.subarray(0, 5)), chunkOf(content.subarray(5)), END],
      bytesOf("FEATURES ZSTD\r\n"),
    );
    for (const { name, chunks } of chunkings(wire)) {
      const { connection } = fakeConn(readerOf(chunks));
      using client = new ZstdClient(() => Promise.resolve(connection));
      using out = new TempFolder();
      const result = await download(client, "a", out.of("a"));
      assert(result.kind === "fetched", name);
      assertEquals(out.read("a"), content, name);
    }
  },
);

/** A server that announces `size` bytes of "a", and sends what it likes. */
function hostileServer(size: number, play: (talk: Talk) => unknown) {
  return plainServer({}, {
    FEATURES: (_, { send }) => send("FEATURES RESUME SHA256 ZSTD\r\n"),
    ZSTD(_, talk) {
      talk.announced = "a";
      talk.send(`SENDING_FILE a ${size}\r\n`);
    },
    READY: (_, talk) => play(talk),
  });
}

const SIZE = 300_000;
const FIRST = testBytes(SIZE).subarray(0, 100_000);
const BOMB = HAS_ZSTD ? frameOf(new Uint8Array(256 * MIB)) : FIRST;
const FRAME = HAS_ZSTD ? frameOf(FIRST) : FIRST;
/** An empty frame: a server could send them for ever. */
const EMPTY = Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 0x20, 0, 1, 0, 0);
/** RFC 8878, 3.1.2: 16 bytes to skip. */
const SKIPPED = concat(
  bytesOf("P*M\x18"),
  Uint8Array.of(4, 0, 0, 0),
  bytesOf("skip"),
);

/** What comes after a good chunk, and what the client says of it. */
const LIES: [what: string, wire: () => Uint8Array, says: string][] = [
  ["the end, early", () => END, "CHUNK 0 with 200000 bytes to come"],
  ["a FIN in place of a line", () => bytesOf(""), "It ended the session"],
  ["a FIN in a line", () => bytesOf("CHUNK 1"), "middle of a line"],
  ["a FIN in a chunk", () => asChunk(FRAME).subarray(0, 50), "of a chunk"],
  [
    "more than was announced",
    () => chunkOf(testBytes(200_001)),
    "expands to more than the 200000 bytes",
  ],
  ["a bomb", () => asChunk(BOMB), "expands to more than the 200000 bytes"],
  [
    "a bomb that does not say so",
    () => asChunk(streamFrame(new Uint8Array(64 * MIB), 20)),
    "expands to more",
  ],
  [
    "a frame that needs 128 MB",
    () => asChunk(streamFrame(testBytes(1000), 27)),
    "no zstd frame, or damaged",
  ],
  [
    "a chunk over the limit",
    () => bytesOf("CHUNK 262145\r\n"),
    "longer than 262144",
  ],
  [
    "a chunk of 16 EB",
    () => bytesOf("CHUNK 18446744073709551616\r\n"),
    "longer than 262144",
  ],
  [
    "a line without end",
    () => bytesOf(`CHUNK ${"0".repeat(100_000)}`),
    "Line is longer",
  ],
  ["another line", () => bytesOf("ERROR UNAVAILABLE x\r\n"), "Expected CHUNK"],
  [
    "no frame",
    () => asChunk(bytesOf("abcdefghijkl")),
    "no zstd frame, or damaged",
  ],
  [
    "a frame of a dictionary",
    () =>
      asChunk(
        Uint8Array.of(
          0x28,
          0xb5,
          0x2f,
          0xfd,
          0x21,
          7,
          4,
          0x21,
          0,
          0,
          97,
          98,
          99,
          10,
        ),
      ),
    "no zstd frame, or damaged",
  ],
  ["an empty frame", () => asChunk(EMPTY), "holds nothing"],
  ["a skippable frame", () => asChunk(SKIPPED), "holds nothing"],
  ["half a frame", () => asChunk(FRAME.subarray(0, 20)), "holds nothing"],
  [
    "a frame without its last byte",
    () =>
      asChunk(frameOf(concat(NOISE, NOISE.toReversed(), NOISE)).slice(0, -1)),
    "cut short",
  ],
  [
    "two frames",
    () => asChunk(concat(FRAME, FRAME)),
    "bytes after its zstd frame",
  ],
  [
    "a frame and more",
    () => asChunk(concat(FRAME, bytesOf("x"))),
    "1 byte after its zstd frame",
  ],
  ["a plain file", () => testBytes(SIZE), "Expected CHUNK"],
];

/** All that was good has come, and has no name. */
function assertPart(out: TempFolder): void {
  assertEquals(out.names(), ["a.part"]);
  assertEquals(out.read("a.part").length, FIRST.length);
  assertEquals(sha256(out.read("a.part")), sha256(FIRST));
}

for (const [what, wire, says] of LIES) {
  Deno.test(`${what}: refused, the part stays, and nothing gets the name`, {
    ignore,
  }, async () => {
    await using server = await hostileServer(SIZE, ({ send, socket }) => {
      send(concat(chunkOf(FIRST), wire()));
      socket.end();
    });
    using out = new TempFolder();
    const error = await get(server.port, "a", out).catch((error) => error);
    assertInstanceOf(error, ProtocolError, `${error?.message}`);
    assertStringIncludes(error.message, says);
    assertPart(out);
  });
}

Deno.test(
  "after the last byte CHUNK 0 must come, and nothing else",
  { ignore },
  async () => {
    for (
      const wire of [
        chunkOf(bytesOf("x")),
        bytesOf("CHUNK 262144\r\n"),
        bytesOf("OK\r\n"),
      ]
    ) {
      await using server = await hostileServer(
        FIRST.length,
        ({ send, socket }) => {
          send(concat(chunkOf(FIRST), wire));
          socket.end();
        },
      );
      using out = new TempFolder();
      const error = await get(server.port, "a", out).catch((error) => error);
      assertInstanceOf(error, ProtocolError);
      assertPart(out);
    }
  },
);

Deno.test(
  "a flipped bit is found: by the frame, or by the hash",
  { ignore },
  async () => {
    const content = testBytes(100_000);
    for (const at of [0, 4, 9, 200, 5000]) {
      const frame = frameOf(content);
      frame[at]! ^= 8;
      await using server = await plainServer({}, {
        FEATURES: (_, { send }) => send("FEATURES SHA256 ZSTD\r\n"),
        ZSTD(_, talk) {
          talk.announced = "a";
          talk.send(`SENDING_FILE a ${content.length}\r\n`);
        },
        READY: (_, { send }) => send(concat(asChunk(frame), END)),
        SHA256: (_, { send }) => send(`SHA256 ${sha256(content)} a\r\n`),
      });
      using out = new TempFolder();
      const outcome = await get(server.port, "a", out).catch((error) => error);
      assertInstanceOf(outcome, Error, `byte ${at}`);
      assertEquals(out.names().includes("a"), false);
    }
  },
);

const CAN_TELL = Deno.build.os === "linux";

Deno.test("no lie costs the client more than 100 MB", {
  ignore: ignore || !CAN_TELL,
}, async () => {
  const kinds: Uint8Array[] = [
    asChunk(BOMB),
    asChunk(streamFrame(new Uint8Array(64 * MIB), 20)),
    asChunk(streamFrame(testBytes(1000), 27)),
  ];
  let served = 0;
  await using server = await hostileServer(1e12, (talk) => {
    const kind = served++;
    if (kind < kinds.length) {
      return talk.send(concat(chunkOf(FIRST), kinds[kind]!));
    }
    // Never ending: 8 KiB each, a quarter of a megabyte when it is expanded.
    const chunk = chunkOf(new Uint8Array(MAX_CHUNK_BYTES));
    let sent = 0;
    const more = () => {
      for (; sent < 4000; sent++) {
        if (!talk.socket.write(chunk)) return;
      }
      talk.socket.end();
    };
    talk.socket.on("drain", more);
    more();
  });
  const module = (path: string) => new URL(path, ROOT).href;
  const script = `
    import { fetchFile, fileClient } from "${
    module("exercises/08_file_client.ts")
  }";
    import { ZstdClient } from "${module("exercises/08_files/zstd_client.ts")}";
    const nothing = () => Promise.resolve();
    const write = (data) => Promise.resolve(data.length);
    const target = { beginning: null, open: nothing, write, commit: nothing };
    for (let i = 0; i < ${kinds.length + 1}; i++) {
      using client = fileClient("${HOST}", ${server.port}, {}, ZstdClient);
      await fetchFile(client, "a", target).then(
        () => console.log("taken"),
        (error) => console.log(error.name),
      );
    }
    const status = Deno.readTextFileSync("/proc/self/status");
    console.log(/VmHWM:\\s+(\\d+)/.exec(status)[1] * 1024);
  `;
  const { stdout, stderr } = await runScript(["eval", "--no-check", script]);
  const lines = stdout.trimEnd().split("\n");
  const peak = Number(lines.pop());
  const refused = kinds.map(() => "ProtocolError");
  assertEquals(lines, [...refused, "SessionEndedError"], stderr);
  assert(peak > 0 && peak < 100e6, `${peak} bytes`);
});

/** `files 127.0.0.1 <port> get <words>`, which may use `out`. */
function command(out: TempFolder, port: number, ...words: string[]) {
  const files = [`--allow-read=${out.path}`, `--allow-write=${out.path}`];
  const script = ["exercises/08_file_client.ts", HOST, `${port}`, "get"];
  return [
    "run",
    "--no-prompt",
    `--allow-net=${HOST}`,
    ...files,
    ...script,
    ...words,
  ];
}

Deno.test("the command: how many bytes came over the wire; --json; stdout", {
  ignore,
}, async () => {
  const text = "a line like any other\n".repeat(50_000);
  using folder = new TempFolder({ a: text });
  using out = new TempFolder();
  await using started = await startServer(folder.path);
  const get = (...words: string[]) =>
    runScript(command(out, started.port, "a", "--compress", ...words));
  const told = await get("--output", out.path);
  assertMatch(
    told.stdout,
    /^a: 1\.1 MB in .+, [\d.]+ k?B on the wire, SHA-256 verified\n$/,
  );
  assertEquals([told.stderr, told.code], ["", 0]);
  const { stdout } = await get("--output", out.path, "--force", "--json");
  const { size, received, compressed, verified } = JSON.parse(stdout);
  assertEquals([size, received, verified], [1_100_000, 1_100_000, true]);
  assert(compressed < 10_000);
  const piped = await get("--output", "-");
  assertEquals([piped.stdout, piped.code], [text, 0]);
});

Deno.test("where the server has no zstd the files come as they are, and it is said once", async () => {
  await using server = await plainServer({
    a: bytesOf("abc"),
    b: bytesOf("d"),
  });
  using out = new TempFolder();
  const { code, stdout, stderr } = await runScript(
    command(out, server.port, "a", "b", "--compress", "--output", out.path),
  );
  assertEquals(code, 0, stderr);
  assertEquals(stdout.match(/size checked/g)?.length, 2);
  assertEquals(
    stderr,
    `files: The server has no zstd: nothing comes compressed\n`,
  );
  assertEquals([out.names(), out.read("a")], [["a", "b"], bytesOf("abc")]);
});
