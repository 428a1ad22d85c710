/** What happens on a connection, told as it happened and in words. */
import { assert, assertEquals, assertRejects } from "@std/assert";
import {
  describeEvent,
  hexDump,
  jsonEvent,
  TraceLines,
} from "../exercises/cli/trace/trace_words.ts";
import type { TraceFormat } from "../exercises/cli/shared_parameters.ts";
import { Connection } from "../protocol/transport/connection.ts";
import { Deadline, TimeoutError } from "../protocol/transport/deadline.ts";
import type { Socket } from "../protocol/transport/socket.ts";
import { type TraceEvent, Tracer } from "../protocol/transport/trace.ts";
import { bytesOf } from "./support/chunkings.ts";

const HERE = { hostname: "127.0.0.1", port: 50000 };
const THERE = { hostname: "127.0.0.1", port: 7007 };

/** What each call in turn gives; an error is thrown. */
type Script = (string | number | null | Error)[];

/** A socket without a network: its reads, and its other calls, are scripted. */
function scripted(reads: Script = [], calls: Script = []): Socket {
  const next = (script: Script) => {
    const value = script.shift();
    if (value instanceof Error) throw value;
    return value;
  };
  return {
    localAddr: HERE,
    remoteAddr: THERE,
    // deno-lint-ignore require-await
    async read(buffer) {
      const value = next(reads);
      if (typeof value !== "string") return null;
      buffer.set(bytesOf(value));
      return bytesOf(value).length;
    },
    // deno-lint-ignore require-await
    async write(data) {
      const value = next(calls);
      return typeof value === "number" ? value : data.length;
    },
    // deno-lint-ignore require-await
    async closeWrite() {
      next(calls);
    },
    close() {},
    [Symbol.dispose]() {},
  };
}

/** A tracer whose clock ticks once an event, and what it has told. */
function tracing() {
  let ticks = 0;
  const told: string[] = [];
  const tracer = new Tracer((event) => {
    const { t, conn, dir } = event;
    told.push(`${t} ${conn} ${dir} ${describeEvent(event, 60)}`);
  }, () => ticks++);
  return { tracer, told };
}

const buffer = new Uint8Array(100);

type Play = (socket: Socket) => unknown;

const reset = () => new Deno.errors.ConnectionReset("reset");
const pipe = () => new Deno.errors.BrokenPipe("broken");

/** What is done with a connected socket, and what is told behind the connect. */
const PLAYS: [name: string, socket: Socket, play: Play, told: string[]][] = [
  [
    "a read and a write, with the bytes that each took",
    scripted(["one\r\n"], [2]),
    async (socket) => {
      await socket.write(bytesOf("hello"));
      await socket.read(buffer);
    },
    ['2 1 -> "he" 2 bytes', '3 1 <- "one\\r\\n" 5 bytes'],
  ],
  [
    "both ends, each once, however often they are seen",
    scripted([null, null]),
    async (socket) => {
      await socket.read(buffer);
      await socket.read(buffer);
      await socket.closeWrite();
      await socket.closeWrite();
      socket.close();
      socket[Symbol.dispose]();
    },
    ["2 1 <- FIN", "3 1 -> FIN", "4 1 -> close"],
  ],
  [
    "a RST once, though the read and the write fail with it",
    scripted([reset()], [pipe()]),
    async (socket) => {
      await assertRejects(() => socket.read(buffer), Error);
      await assertRejects(() => socket.write(bytesOf("x")), Error);
      socket.close();
    },
    ["2 1 <- RST", "3 1 -> close"],
  ],
  [
    "a RST that a write meets first",
    scripted([], [pipe()]),
    (socket) => assertRejects(() => socket.write(bytesOf("x")), Error),
    ["2 1 <- RST"],
  ],
  [
    "no RST where we have ended ourselves",
    scripted([], [null, pipe(), new Deno.errors.NotConnected("no")]),
    async (socket) => {
      await socket.closeWrite();
      await assertRejects(() => socket.write(bytesOf("x")), Error);
      await assertRejects(() => socket.closeWrite(), Error);
    },
    ["2 1 -> FIN"],
  ],
  [
    "nothing of a write of no bytes, which asks whether the peer is there",
    scripted(),
    (socket) => socket.write(new Uint8Array()),
    [],
  ],
  [
    "nothing of the read that our own close ends",
    scripted([new Deno.errors.Interrupted("closed")]),
    async (socket) => {
      socket.close();
      await assertRejects(() => socket.read(buffer), Error);
    },
    ["2 1 -> close"],
  ],
  [
    "a time-out, where a clock made us close",
    scripted(),
    (socket) => socket.close(new TimeoutError("idle", 5)),
    ["2 1 -> timeout 127.0.0.1:7007", "3 1 -> close"],
  ],
  [
    "no time-out, where it was Ctrl-C",
    scripted(),
    (socket) => socket.close(new DOMException("Interrupted", "AbortError")),
    ["2 1 -> close"],
  ],
];

for (const [name, socket, play, expected] of PLAYS) {
  Deno.test(`Tracer tells ${name}`, async () => {
    const { tracer, told } = tracing();
    const connect = tracer.connect(() => Promise.resolve(socket));
    await play(await connect(THERE));
    assertEquals(told, ["1 1 -> connect 127.0.0.1:7007", ...expected]);
  });
}

const FAILURES: [error: Error, told: string | null][] = [
  [new Deno.errors.ConnectionRefused("no"), "1 1 <- refused localhost:9"],
  [new TimeoutError("connect", 5), "1 1 -> timeout localhost:9"],
  [new Deno.errors.TimedOut("the system's"), "1 1 -> timeout localhost:9"],
  [reset(), "1 1 <- RST"],
  [
    Object.assign(new Error("no route"), { code: "EHOSTUNREACH" }),
    "1 1 -> failed localhost:9",
  ],
  // Nothing went over the network.
  [new Error("failed to lookup address information"), null],
  [new Deno.errors.NotCapable("Requires net access"), null],
];

for (const [error, expected] of FAILURES) {
  Deno.test(`Tracer tells of a connect that fails: ${error.message}`, async () => {
    const { tracer, told } = tracing();
    const connect = tracer.connect(() => Promise.reject(error));
    await assertRejects(
      () => connect({ hostname: "localhost", port: 9 }),
      Error,
    );
    assertEquals(told, expected === null ? [] : [expected]);
  });
}

Deno.test("Tracer tells that we gave a connect up, and numbers no connection that never was", async () => {
  const { tracer, told } = tracing();
  const signal = AbortSignal.abort();
  const unknown = tracer.connect(() => Promise.reject(new Error("who?")));
  await assertRejects(() => unknown(THERE), Error);
  const waiting = tracer.connect(() => Promise.reject(signal.reason));
  await assertRejects(() => waiting({ ...THERE, signal }), Error);
  assertEquals(told, ["1 1 -> close"]);
});

Deno.test("Tracer tells a time-out of a close without a reason, when the connect's clock ran out", async () => {
  const { tracer, told } = tracing();
  using deadline = new Deadline("total", 1);
  const { signal } = deadline;
  const connect = tracer.connect(() => Promise.resolve(scripted()));
  const socket = await connect({ ...THERE, signal });
  await new Promise<void>((resolve) =>
    signal.addEventListener("abort", () => {
      socket.close(); // As exercise 3 does.
      resolve();
    })
  );
  assertEquals(told.slice(1), [
    "2 1 -> timeout 127.0.0.1:7007",
    "3 1 -> close",
  ]);
});

Deno.test("Tracer tells the server's side the other way round, and numbers all connections", async () => {
  const { tracer, told } = tracing();
  const sockets = [scripted(["hi"]), scripted([null])];
  const listen = tracer.listen(() => ({
    addr: HERE,
    accept: () => Promise.resolve(sockets.shift()!),
    close() {},
    [Symbol.dispose]() {},
  }));
  using listener = listen(HERE);
  const one = await listener.accept();
  const other = await listener.accept();
  await other.read(buffer);
  await one.read(buffer);
  await one.write(bytesOf("ok"));
  one.close();
  assertEquals(told, [
    "1 1 -> accept 127.0.0.1:7007",
    "2 2 -> accept 127.0.0.1:7007",
    "3 2 -> FIN",
    '4 1 -> "hi" 2 bytes',
    '5 1 <- "ok" 2 bytes',
    "6 1 <- close",
  ]);
});

Deno.test("a Connection's idle clock is told as a time-out", async () => {
  const { tracer, told } = tracing();
  let end = () => {};
  const silent: Socket = {
    ...scripted(),
    read: () =>
      new Promise((_, reject) =>
        end = () => reject(new Deno.errors.Interrupted("closed"))
      ),
    close: () => end(),
  };
  const connect = tracer.connect(() => Promise.resolve(silent));
  const conn = new Connection(await connect(THERE), { idleTimeoutMs: 1 });
  await assertRejects(() => conn.readLine(), TimeoutError);
  assertEquals(told.slice(1), [
    "2 1 -> timeout 127.0.0.1:7007",
    "3 1 -> close",
  ]);
});

/** An event with the fields that every one has. */
function event(fields: Partial<TraceEvent> = {}): TraceEvent {
  return {
    t: 1.2,
    conn: 1,
    role: "client",
    dir: "->",
    kind: "fin",
    peer: "127.0.0.1:7007",
    ...fields,
  };
}

function data(
  content: string | Uint8Array,
  fields: Partial<TraceEvent> = {},
): TraceEvent {
  const bytes = typeof content === "string" ? bytesOf(content) : content;
  return event({ kind: "data", bytes: bytes.length, data: bytes, ...fields });
}

const DESCRIBED: [event: TraceEvent, columns: number, expected: string][] = [
  [data("hello\r\n"), 19, '"hello\\r\\n" 7 bytes'],
  [data("hello\r\n"), 18, '"hello..." 7 bytes'],
  [data("hello\r\n"), 80, '"hello\\r\\n" 7 bytes'],
  [data("x"), 80, '"x" 1 byte'],
  [data("0123456789"), 21, '"0123456789" 10 bytes'],
  [data("0123456789"), 20, '"012345..." 10 bytes'],
  [data("小明小明小明"), 19, '"小明..." 18 bytes'],
  [data('a\tb\\n"c"'), 80, '"a\\tb\\\\n\\"c\\"" 8 bytes'],
  [
    data("\x1b[31m\x00\x9b\u202e"),
    80,
    '"\\u001b[31m\\u0000\\u009b\\u202e" 11 bytes',
  ],
  [data(Uint8Array.of(0xc3), { bytes: 1 }), 80, '"\ufffd" 1 byte'],
  // The rest of the ñ was not kept.
  [data(Uint8Array.of(0x61, 0xc3), { bytes: 5000 }), 80, '"a..." 5000 bytes'],
  [data("\ufeffa"), 80, '"\ufeffa" 4 bytes'],
  [event({ kind: "rst" }), 80, "RST"],
  [event({ kind: "refused" }), 80, "refused 127.0.0.1:7007"],
];

for (const [event, columns, expected] of DESCRIBED) {
  Deno.test(`describeEvent() says ${JSON.stringify(expected)}`, () => {
    assertEquals(describeEvent(event, columns), expected);
  });
}

Deno.test("hexDump() shows what xxd shows, in rows that fit", () => {
  assertEquals(
    hexDump(data("hello\r\n"), 80),
    "00000000: 6865 6c6c 6f0d 0a                        hello..",
  );
  assertEquals(
    hexDump(data("0123456789abcdefgh~\x7fñ "), 67),
    "00000000: 3031 3233 3435 3637 3839 6162 6364 6566  0123456789abcdef\n" +
      "00000010: 6768 7e7f c3b1 20                        gh~... ",
  );
  assertEquals(
    hexDump(data("0123456789"), 66),
    "00000000: 3031 3233 3435 3637  01234567\n" +
      "00000008: 3839                 89",
  );
  assertEquals(
    hexDump(data("ab", { bytes: 10 }), 0),
    "00000000: 6162  ab\n(and 8 more)",
  );
});

Deno.test("jsonEvent() is one line with the event, its text and its bytes", () => {
  assertEquals(
    jsonEvent(data("hello\r\n", { t: 1.23456 })),
    '{"t":1.235,"conn":1,"role":"client","dir":"->","kind":"data","bytes":7,' +
      '"text":"hello\\r\\n","hex":"68656c6c6f0d0a","peer":"127.0.0.1:7007"}',
  );
  assertEquals(
    jsonEvent(event({ role: "server", dir: "<-", kind: "close" })),
    '{"t":1.2,"conn":1,"role":"server","dir":"<-","kind":"close",' +
      '"peer":"127.0.0.1:7007"}',
  );
});

Deno.test("data longer than 4096 bytes is cut in text and hex, and its length is told", async () => {
  const lines: string[] = [];
  const tracer = new Tracer((event) => lines.push(jsonEvent(event)));
  const connect = tracer.connect(() => Promise.resolve(scripted()));
  const socket = await connect(THERE);
  await socket.write(bytesOf("ñ".repeat(5_000_000)));
  const { bytes, text, hex } = JSON.parse(lines[1]!);
  assertEquals([bytes, text, hex.length], [
    10_000_000,
    "ñ".repeat(2048),
    2 * 4096,
  ]);
});

/** The lines of these events. */
function linesOf(
  events: TraceEvent[],
  { format = "text", columns = 80 }: {
    format?: TraceFormat;
    columns?: number;
  } = {},
): string[] {
  const printed: string[] = [];
  const lines = new TraceLines(
    format,
    (line) => printed.push(line),
    () => columns,
  );
  for (const event of events) lines.push(event);
  lines.end();
  return printed;
}

Deno.test("a line has the time, the connection, the direction and what happened", () => {
  assertEquals(
    linesOf([
      event({ t: 0, kind: "connect" }),
      data("hello\r\n", { t: 12345.678, conn: 42, dir: "<-" }),
    ]),
    [
      "    0.0  1 -> connect 127.0.0.1:7007",
      '12345.7 42 <- "hello\\r\\n" 7 bytes',
    ],
  );
  assertEquals(linesOf([data("a\n")], { format: "hex" }), [
    '    1.2  1 -> "a\\n" 2 bytes\n' +
    "00000000: 610a                                     a.",
  ]);
});

Deno.test("no line is wider than the terminal, whatever comes", () => {
  const peer = "[fe80:1234:5678:9abc:def0:1234:5678:9abc%enp0s31f6]:65535";
  const events = [
    event({ kind: "connect", peer }),
    data("x".repeat(4096)),
    data("小".repeat(1000), { bytes: 1_000_000_000 }),
    data("\x1b".repeat(1000)),
    data("\n".repeat(1000), { conn: 100_000, t: 10_000_000 }),
  ];
  for (const columns of [20, 33, 40, 80, 200]) {
    for (const format of ["text", "hex"] as const) {
      for (const line of linesOf(events, { format, columns })) {
        for (const row of line.split("\n")) {
          const width = [...row].reduce(
            (sum, c) => sum + (c < "ᄀ" ? 1 : 2),
            0,
          );
          assert(width <= columns, `${width} > ${columns}: ${row}`);
        }
      }
    }
  }
});

Deno.test("a run of alike events is one line and their count, also while it goes on", () => {
  const at = (t: number) => data("x", { t });
  assertEquals(
    linesOf([at(1), at(2), at(3), data("y", { t: 4 }), at(5)]),
    [
      '    1.0  1 -> "x" 1 byte',
      "    3.0  1 -> 2 more like it",
      '    4.0  1 -> "y" 1 byte',
      '    5.0  1 -> "x" 1 byte',
    ],
  );
  assertEquals(
    linesOf([at(0), at(600), at(1200), at(1300), at(1400)]),
    [
      '    0.0  1 -> "x" 1 byte',
      " 1200.0  1 -> 2 more like it",
      " 1400.0  1 -> 2 more like it",
    ],
  );
  // Another connection, another direction, other bytes: not alike.
  const others = [at(1), data("x", { conn: 2 }), data("x", { dir: "<-" })];
  assertEquals(linesOf(others).length, 3);
  assertEquals(linesOf([at(1), at(2)], { format: "json" }).length, 2);
});
