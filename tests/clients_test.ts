/** Exercises 2, 3, 4 and 6 as functions, against good and faulty servers. */
import {
  assert,
  assertEquals,
  assertInstanceOf,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import {
  connectionInfo,
  explainChoice,
} from "../exercises/02_connection_info.ts";
import { daytimeClient } from "../exercises/03_daytime_client.ts";
import { daytimeServer } from "../exercises/03_daytime_server.ts";
import { echoRaw } from "../exercises/04_echo/echo_raw.ts";
import { echoClient } from "../exercises/04_echo_client.ts";
import { echoServer } from "../exercises/04_echo_server.ts";
import type { Connect } from "../protocol/transport/mod.ts";
import { basicServer } from "../exercises/05_basic_server.ts";
import { basicClient } from "../exercises/06_basic_client.ts";
import { ExerciseError } from "../exercises/cli/outcome.ts";
import {
  testConnection,
  waitForAnswer,
} from "../exercises/tools/test_connection.ts";
import {
  LineTooLongError,
  ProtocolError,
  UnexpectedEndError,
} from "../protocol/errors.ts";
import { TimeoutError } from "../protocol/transport/deadline.ts";
import { bytesOf, readerOf } from "./support/chunkings.ts";
import { fakeConn } from "./support/fake_conn.ts";
import { FakeTime } from "./support/fake_time.ts";
import {
  cutMidLine,
  type Fault,
  faultServer,
  halfClose,
  neverEndingLine,
  neverReads,
  resetAfter,
  silent,
  slice,
} from "./support/fault_server.ts";
import { closedPort, HAS_IPV6 } from "./support/network.ts";

const HOST = "127.0.0.1";
const TIME = "Tuesday, November 24, 2026 03:17:43-UTC\r\n";

/** Each client as "connect to this port and do all that you do". */
type Client = (
  port: number,
  options: { timeoutMs: number; signal?: AbortSignal },
) => Promise<unknown>;

const clients: Record<string, Client> = {
  daytimeClient: (port, options) => daytimeClient(HOST, port, options),
  echoClient: (port, options) =>
    Array.fromAsync(echoClient(HOST, port, ["hello"], options)),
  basicClient: (port, options) =>
    Array.fromAsync(basicClient(HOST, port, options)),
};

// deno-lint-ignore no-explicit-any
type ErrorClass = new (...args: any[]) => Error;
const { ConnectionReset } = Deno.errors;

/** What each client says to each fault. */
const MATRIX: [fault: string, Fault, Record<string, ErrorClass>][] = [
  ["silent", silent(), {
    daytimeClient: TimeoutError,
    echoClient: TimeoutError,
    basicClient: TimeoutError,
  }],
  ["neverReads", neverReads(), {
    daytimeClient: TimeoutError,
    echoClient: TimeoutError,
    basicClient: TimeoutError,
  }],
  ["resetAfter", resetAfter("hel"), {
    daytimeClient: ConnectionReset,
    echoClient: ConnectionReset,
    basicClient: ConnectionReset,
  }],
  ["neverEndingLine", neverEndingLine(), {
    daytimeClient: ProtocolError,
    basicClient: LineTooLongError,
  }],
  ["cutMidLine", cutMidLine("hel"), {
    echoClient: UnexpectedEndError,
    basicClient: UnexpectedEndError,
  }],
  ["halfClose", halfClose(), {
    daytimeClient: UnexpectedEndError,
    echoClient: UnexpectedEndError,
  }],
];

for (const [name, fault, expected] of MATRIX) {
  for (const [client, errorClass] of Object.entries(expected)) {
    Deno.test(`${client}() meets ${name}: ${errorClass.name}`, async () => {
      await using server = await faultServer(fault);
      // Only a clock that must run out is short.
      const timeoutMs = errorClass === TimeoutError ? 50 : 60_000;
      await assertRejects(
        () => clients[client]!(server.port, { timeoutMs }),
        errorClass,
      );
    });
  }
}

for (const [name, client] of Object.entries(clients)) {
  Deno.test(`${name}() ends when its signal fires, with the signal's reason`, async () => {
    const stop = new AbortController();
    const reason = new DOMException("Ctrl-C", "AbortError");
    await using server = await faultServer(() => stop.abort(reason));
    const error = await assertRejects(
      () => client(server.port, { timeoutMs: 60_000, signal: stop.signal }),
      DOMException,
    );
    assertEquals(error, reason);
  });
}

Deno.test("connectionInfo() names both ends", async () => {
  await using server = basicServer(0);
  const info = await connectionInfo(HOST, server.addr.port);
  assertEquals(info.remote, { hostname: HOST, port: server.addr.port });
  assertEquals(info.local.hostname, HOST);
  assert(info.local.port > 0 && info.local.port !== info.remote.port);
  assertEquals([info.family, info.type], ["IPv4", "stream"]);
  assert(info.connectMs >= 0);
});

Deno.test("explainChoice() says which address was used, and why", async () => {
  const { signal } = new AbortController();
  const says = (host: string, chosen: string, addresses: string[]) =>
    explainChoice(host, chosen, signal, () => Promise.resolve(addresses));
  const two = ["::1", "127.0.0.1"];
  assertStringIncludes(await says("::1", "::1", ["::1"]), "given as it is");
  assertStringIncludes(await says("a", "::1", ["::1"]), "the only address");
  assertStringIncludes(await says("a", "::1", two), "the resolver's first");
  assertStringIncludes(
    await says("a", "127.0.0.1", two),
    "the resolver's first is ::1, which did not connect",
  );
  assertStringIncludes(
    await says("a", "127.0.0.9", two),
    "127.0.0.9; now the name stands for ::1, 127.0.0.1",
  );
  const denied = () => Promise.reject(new Deno.errors.NotCapable("no"));
  assertStringIncludes(
    await explainChoice("a.test", "127.0.0.1", signal, denied),
    "--allow-net=a.test",
  );
});

Deno.test("daytimeClient() reads our server", async () => {
  await using server = daytimeServer(0);
  // The wire has whole seconds.
  const before = Math.floor(Date.now() / 1000) * 1000;
  const answer = await daytimeClient(HOST, server.addr.port);
  assertEquals(answer.format, "rfc867");
  const date = answer.date!.getTime();
  assert(before <= date && date <= Date.now(), answer.raw);
});

Deno.test("daytimeClient() reads to the end, however the bytes come", async () => {
  for (const text of [TIME, TIME.trim(), `\n${TIME}`]) {
    await using server = await faultServer(slice(text));
    const answer = await daytimeClient(HOST, server.port);
    assertEquals(answer.raw, text);
    assertEquals(answer.date?.toISOString(), "2026-11-24T03:17:43.000Z");
  }
});

Deno.test("daytimeClient() keeps the line behind which the server breaks off", async () => {
  const ENDINGS: [ending: () => Promise<null>, ErrorClass][] = [
    [() => Promise.reject(new ConnectionReset("RST")), ConnectionReset],
    [() => new Promise(() => {}), TimeoutError],
  ];
  for (const [ending, errorClass] of ENDINGS) {
    const line = readerOf([bytesOf(TIME)]);
    const { connection } = fakeConn({
      read: async (buffer) => await line.read(buffer) ?? await ending(),
    });
    const answer = await daytimeClient(HOST, 13, {
      timeoutMs: 50,
      connect: () => Promise.resolve(connection),
    });
    assertEquals(answer.raw, TIME);
    assertEquals(answer.date?.toISOString(), "2026-11-24T03:17:43.000Z");
    assertInstanceOf(answer.failure, errorClass);
  }
});

Deno.test("daytimeClient() does not take a cut line for the time", async () => {
  await using server = await faultServer(cutMidLine(TIME.slice(0, 20)));
  const answer = await daytimeClient(HOST, server.port);
  assertEquals([answer.format, answer.date], ["unknown", null]);
});

Deno.test("daytimeServer() throws input away and still delivers", async () => {
  await using server = daytimeServer(0);
  using conn = await Deno.connect({ hostname: HOST, port: server.addr.port });
  await conn.write(bytesOf("what time is it?\r\n"));
  const buffer = new Uint8Array(256);
  const count = await conn.read(buffer);
  assertStringIncludes(
    new TextDecoder().decode(buffer.subarray(0, count ?? 0)),
    "-UTC\r\n",
  );
  assertEquals(await conn.read(buffer), null);
});

Deno.test("echoClient() compares each line byte for byte", async () => {
  await using server = echoServer(0);
  const lines = ["hello", "", "ñandú 😀", "tab\tand\rCR"];
  const echoes = await Array.fromAsync(
    echoClient(HOST, server.addr.port, lines),
  );
  assertEquals(
    echoes.map(({ difference }) => difference),
    [null, null, null, null],
  );
  assertEquals(echoes.map(({ sent }) => sent), lines);
  assertEquals(echoes[2]!.received, "ñandú 😀\r\n");
  assertEquals(echoes[2]!.bytes, 14);
});

Deno.test("echoClient() sees that a line came back different", async () => {
  await using server = await faultServer((socket) => {
    socket.on("data", (data: Uint8Array) => socket.write(data.fill(0x2e)));
    socket.on("end", () => socket.end());
  });
  const [echo] = await Array.fromAsync(
    echoClient(HOST, server.port, ["hello"]),
  );
  assertEquals(
    echo!.difference,
    'byte 1 is another: sent "hello\\r\\n" (68 65 6c 6c 6f 0d 0a), ' +
      'came "......." (2e 2e 2e 2e 2e 2e 2e)',
  );
  assertEquals(echo!.received, ".......");
});

Deno.test("echoClient() sees that more came back than was sent", async () => {
  await using server = await faultServer((socket) => {
    socket.on("data", (data: Uint8Array) => socket.end([...data, "x"].join()));
  });
  await assertRejects(
    () => Array.fromAsync(echoClient(HOST, server.port, ["hello"])),
    ProtocolError,
  );
});

Deno.test("echoClient() does not mind a person who thinks longer than the timeout", async () => {
  using time = new FakeTime();
  await using server = echoServer(0);
  async function* thoughtful() {
    yield "first";
    await time.pass(60_000);
    yield "second";
  }
  const echoes = await Array.fromAsync(
    echoClient(HOST, server.addr.port, thoughtful()),
  );
  assertEquals(echoes.map(({ difference }) => difference), [null, null]);
});

Deno.test("echoClient() passes a line larger than the kernel's buffers", async () => {
  await using server = echoServer(0);
  const line = "0123456789".repeat(1_600_000);
  const [echo] = await Array.fromAsync(
    echoClient(HOST, server.addr.port, [line]),
  );
  assertEquals(echo!.difference, null);
  assertEquals(echo!.bytes, 16_000_002);
});

Deno.test("echoRaw() relays both ways at once and ends by half-close", async () => {
  await using server = echoServer(0);
  const megabyte = crypto.getRandomValues(new Uint8Array(65536));
  const chunks = Array.from({ length: 256 }, () => megabyte); // 16 MiB
  let received = 0;
  const output = {
    write(data: Uint8Array) {
      const at = received % megabyte.length;
      const count = Math.min(data.length, megabyte.length - at);
      assertEquals(data.subarray(0, count), megabyte.subarray(at, at + count));
      received += count;
      return Promise.resolve(count);
    },
  };
  await echoRaw(HOST, server.addr.port, readerOf(chunks), output);
  assertEquals(received, 256 * 65536);
});

Deno.test("echoRaw() ends at the server's end, even while input waits", async () => {
  await using server = await faultServer(cutMidLine("goodbye"));
  let text = "";
  const input = { read: () => new Promise<null>(() => {}) };
  const output = {
    write(data: Uint8Array) {
      text += new TextDecoder().decode(data);
      return Promise.resolve(data.length);
    },
  };
  // Nothing was sent that this could be the echo of.
  await assertRejects(
    () => echoRaw(HOST, server.port, input, output),
    ProtocolError,
    "More came back",
  );
  assertEquals(text, "goodbye");
});

Deno.test("echoClient() says which bytes came back, where not all did", async () => {
  await using server = await faultServer((socket) => {
    socket.on("data", (data: Uint8Array) => {
      socket.write(data.filter((byte) => byte !== 0x0d));
    });
    socket.on("end", () => socket.end());
  });
  using time = new FakeTime();
  const echoing = Array.fromAsync(
    echoClient(HOST, server.port, ["uno"], { timeoutMs: 1000 }),
  );
  const error = await assertRejects(
    () => time.passUntil(echoing, 50),
    ExerciseError,
  );
  assertStringIncludes(
    error.message,
    '4 of 5 bytes came back, "uno\\n" (75 6e 6f 0a), then nothing for 1000 ms',
  );
});

const ignore = { write: (data: Uint8Array) => Promise.resolve(data.length) };

Deno.test("echoRaw() says where other bytes come back, unless told not to", async () => {
  const sent = new Uint8Array(300_000).fill(0x61);
  await using server = await faultServer((socket) => {
    let at = 0;
    socket.on("data", (data: Uint8Array) => {
      const wrong = 200_000 - at;
      if (wrong >= 0 && wrong < data.length) data[wrong] = 0x62;
      at += data.length;
      socket.write(data);
    });
    socket.on("end", () => socket.end());
  });
  const run = (options = {}) =>
    echoRaw(HOST, server.port, readerOf([sent]), ignore, options);
  const error = await assertRejects(run, ExerciseError);
  assertStringIncludes(error.message, "byte 200001 is another: sent");
  await run({ compare: false });
});

Deno.test("echoRaw() keeps only so much for a server that gives nothing back", async () => {
  await using server = await faultServer(silent());
  let taken = 0;
  const input = {
    read(buffer: Uint8Array) {
      if (taken > 200_000_000) return Promise.resolve(null);
      taken += buffer.length;
      return Promise.resolve(buffer.length);
    },
  };
  await assertRejects(
    () => echoRaw(HOST, server.port, input, ignore, { timeoutMs: 50 }),
    TimeoutError,
  );
  assert(taken < 100_000_000, `${taken} bytes were taken`);
});

Deno.test("echoRaw() ends as soon as more comes back than was sent", async () => {
  await using server = await faultServer(neverEndingLine());
  let received = 0;
  const output = {
    write(data: Uint8Array) {
      received += data.length;
      return Promise.resolve(data.length);
    },
  };
  await assertRejects(
    () => echoRaw(HOST, server.port, readerOf([bytesOf("xxx")]), output),
    ProtocolError,
    "More came back",
  );
  assert(received < 1_000_000, `${received} bytes were taken`);
});

Deno.test("echoRaw() says so when less came back than was sent", async () => {
  const ignore = { write: (data: Uint8Array) => Promise.resolve(data.length) };
  for (
    const input of [readerOf([bytesOf("hello")]), {
      ...readerOf([bytesOf("hello"), bytesOf("more")]),
    }]
  ) {
    await using server = await faultServer((socket) => {
      socket.once("data", () => socket.end("hel"));
    });
    const error = await assertRejects(
      () => echoRaw(HOST, server.port, input, ignore),
      UnexpectedEndError,
    );
    assertStringIncludes(error.message, "3 of ");
  }
});

Deno.test("echoRaw() waits only so long for a server that does not read", async () => {
  await using server = await faultServer(neverReads());
  const ignore = { write: (data: Uint8Array) => Promise.resolve(data.length) };
  const zeros = {
    read: (buffer: Uint8Array) => Promise.resolve(buffer.length),
  };
  await assertRejects(
    () => echoRaw(HOST, server.port, zeros, ignore, { timeoutMs: 50 }),
    TimeoutError,
  );
});

Deno.test("echoRaw() lets its own output take its time", async () => {
  using time = new FakeTime();
  await using server = echoServer(0);
  let slow = true;
  const output = {
    async write(data: Uint8Array) {
      if (slow) await time.pass(60_000); // Longer than the server may take.
      slow = false;
      return data.length;
    },
  };
  const { port } = server.addr;
  // More than the kernel takes: meanwhile a write waits.
  const input = readerOf([new Uint8Array(20_000_000)]);
  await echoRaw(HOST, port, input, output);
});

Deno.test("echoRaw() waits for the server only so long once its own end is out", async () => {
  await using server = await faultServer(silent());
  const ignore = { write: (data: Uint8Array) => Promise.resolve(data.length) };
  await assertRejects(
    () =>
      echoRaw(HOST, server.port, readerOf([bytesOf("x")]), ignore, {
        timeoutMs: 50,
      }),
    TimeoutError,
  );
});

/** A connection that met itself, as loopback can give. */
function selfConnect(closed: () => void): typeof Deno.connect {
  const end = { hostname: HOST, port: 40_000, transport: "tcp" as const };
  const conn = {
    localAddr: end,
    remoteAddr: { ...end },
    close: closed,
    [Symbol.dispose]: closed,
  };
  return (() => Promise.resolve(conn)) as unknown as typeof Deno.connect;
}

Deno.test("no client takes a connection that met itself for a server", async () => {
  let closed = 0;
  const connect = selfConnect(() => closed++);
  const attempts: (() => Promise<unknown>)[] = [
    () => connectionInfo(HOST, 40_000, { connect }),
    () => daytimeClient(HOST, 40_000, { connect }),
    () => Array.fromAsync(echoClient(HOST, 40_000, ["x"], { connect })),
    () => Array.fromAsync(basicClient(HOST, 40_000, { connect })),
    () => testConnection(HOST, 40_000, { connect }),
  ];
  for (const attempt of attempts) {
    await assertRejects(attempt, Deno.errors.ConnectionRefused);
  }
  assertEquals(closed, attempts.length);
});

Deno.test("basicServer() sends one line with an ISO 8601 time, and ends", async () => {
  await using server = basicServer(0);
  const lines = await Array.fromAsync(basicClient(HOST, server.addr.port));
  assertEquals(lines.length, 1);
  const time = /^Welcome .* (\S+)$/.exec(lines[0]!)![1]!;
  assertEquals(new Date(time).toISOString(), time);
});

Deno.test("waitForAnswer() tries until there is one, or the time is over", async () => {
  using listener = Deno.listen({ hostname: HOST, port: 0 });
  const { port } = listener.addr;
  let tries = 0;
  const connect: Connect = (options) =>
    ++tries < 3
      ? Promise.reject(new Deno.errors.ConnectionRefused("not yet"))
      : Deno.connect(options);
  assert(await waitForAnswer(HOST, port, { connect, waitMs: 60_000 }) >= 0);
  assertEquals(tries, 3);
  tries = -Infinity;
  await assertRejects(
    () => waitForAnswer(HOST, port, { connect, waitMs: 1 }),
    Deno.errors.ConnectionRefused,
  );
  let denied = 0;
  const deny = () => {
    denied++;
    return Promise.reject(new Deno.errors.NotCapable("no"));
  };
  await assertRejects(
    () => waitForAnswer(HOST, port, { connect: deny, waitMs: 60_000 }),
    Deno.errors.NotCapable,
  );
  assertEquals(denied, 1);
});

Deno.test("testConnection() gives the time that it took, or throws why not", async () => {
  await using server = basicServer(0);
  assert(await testConnection(HOST, server.addr.port) >= 0);
  using closed = await closedPort();
  await assertRejects(
    () => testConnection(HOST, closed.port),
    Deno.errors.ConnectionRefused,
  );
});

Deno.test({
  name: "every server and client works on IPv6 loopback",
  ignore: !HAS_IPV6, // This machine has no ::1.
  fn: async () => {
    const hostname = "::1";
    await using basic = basicServer(0, { hostname });
    await using daytime = daytimeServer(0, { hostname });
    await using echo = echoServer(0, { hostname });
    const info = await connectionInfo(hostname, basic.addr.port);
    assertEquals(info.family, "IPv6");
    assertEquals(info.remote.hostname, "::1");
    const welcome = basicClient(hostname, basic.addr.port);
    assertEquals((await Array.fromAsync(welcome)).length, 1);
    const time = await daytimeClient(hostname, daytime.addr.port);
    assertInstanceOf(time.date, Date);
    const echoes = echoClient(hostname, echo.addr.port, ["ñ"]);
    assertEquals((await Array.fromAsync(echoes))[0]!.difference, null);
  },
});
