import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { main, probePort, scanPorts } from "../exercises/01_port_scanner.ts";
import { scanInParallel } from "../exercises/01_scan/parallel_scan.ts";
import type {
  PortResult,
  ScanOptions,
} from "../exercises/01_scan/port_state.ts";
import {
  formatResult,
  formatSummary,
  type ScanSubject,
  serviceName,
} from "../exercises/01_scan/scan_report.ts";
import { basicServer } from "../exercises/05_basic_server.ts";
import { FakeTime } from "./support/fake_time.ts";
import { faultServer, resetAfter } from "./support/fault_server.ts";
import {
  closedPort,
  connectTo,
  filteredPort,
  ownHost,
} from "./support/network.ts";
import { HAS_TERMINAL, OnTerminal } from "./support/terminal.ts";
import { Random } from "./support/random.ts";

const HOST = "127.0.0.1";
/** Where thousands of ports are scanned: a knock at each does no other test any harm. */
const WIDE = ownHost();
/** No clock runs out. */
const PATIENT = { timeoutMs: 60_000 };
const SCANNER = {
  scanPorts,
  script: import.meta.resolve("../exercises/01_port_scanner.ts"),
};
const Refused = Deno.errors.ConnectionRefused;
const SUBJECT: ScanSubject = {
  host: HOST,
  address: HOST,
  wanted: 3,
  all: false,
  json: false,
};
type Connect = typeof Deno.connect;

// On a machine with one core, too, there is a worker beside this thread.
Object.defineProperty(navigator, "hardwareConcurrency", { value: 2 });

/** A `Deno.connect` that does what `outcome` says, per attempt. */
function fakeConnect(
  outcome: (options: Deno.ConnectOptions, attempt: number) => Promise<unknown>,
): Connect {
  let attempt = 0;
  return ((options: Deno.ConnectOptions) =>
    outcome(options, attempt++)) as unknown as Connect;
}

/** A connection, as far as the scan looks at it. */
function openConnection(port: number) {
  return {
    localAddr: { hostname: HOST, port: 40_000 },
    remoteAddr: { hostname: HOST, port },
    [Symbol.dispose]() {},
  };
}

/** Hangs until the deadline's signal ends it, as a dropped SYN does. */
function hang({ signal }: Deno.ConnectOptions): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>();
  if (signal!.aborted) reject(signal!.reason);
  signal!.addEventListener("abort", () => reject(signal!.reason));
  return promise;
}

function withCode(code: string): Error {
  return Object.assign(new Error(code), { code });
}

Deno.test("scanPorts() tells open from closed, for real", async () => {
  await using server = basicServer(0);
  using held = await closedPort();
  const closed = held.port;
  const results = await scanPorts(HOST, [server.addr.port, closed], PATIENT);
  const states = new Map(results.map(({ port, state }) => [port, state]));
  assertEquals(states.get(server.addr.port), "open");
  assertEquals(states.get(closed), "closed");
});

Deno.test("scanPorts() takes a port that accepts and resets at once for an open one", async () => {
  const connect = fakeConnect(() =>
    Promise.reject(new Deno.errors.ConnectionReset("RST"))
  );
  const results = await scanPorts(HOST, [7, 8], { connect });
  const open = { state: "open", reason: "reset at once" } as const;
  assertEquals(results, [{ port: 7, ...open }, { port: 8, ...open }]);
  assertEquals(
    formatResult(SUBJECT, results[0]!),
    "    7  open      reset at once  registered as echo",
  );
  // For real, though whether the RST comes in time is not ours to say.
  await using server = await faultServer(resetAfter(""));
  for (let i = 0; i < 20; i++) {
    const [result] = await scanPorts(HOST, [server.port], PATIENT);
    assertEquals(result!.state, "open");
  }
});

Deno.test({
  name:
    "scanPorts() tells filtered, for real: a listener whose backlog is full",
  ignore: Deno.build.os !== "linux", // Others refuse when the backlog is full.
  fn: async () => {
    using filtered = await filteredPort();
    const { port } = filtered;
    const results = await scanPorts(HOST, [port], { timeoutMs: 50 });
    const reason = "no answer within 50 ms";
    assertEquals(results, [{ port, state: "filtered", reason }]);
  },
});

const NO_ANSWERS: [code: string, reason: string][] = [
  ["EHOSTUNREACH", "host unreachable"],
  ["ENETUNREACH", "network unreachable"],
  ["ETIMEDOUT", "the system gave up waiting"],
  ["EACCES", "prohibited on the way"],
  ["EINVAL", "no usable route"],
  // As Deno gives those that it has no code for.
  ["Protocol not available (os error 92)", "protocol not available"],
  ["Host is down (os error 112)", "host is down"],
  ["Something new (os error 999)", "something new"],
];

for (const [code, reason] of NO_ANSWERS) {
  Deno.test(`scanPorts() takes ${code} for filtered`, async () => {
    const connect = fakeConnect(({ port }) =>
      Promise.reject(port === 80 ? withCode(code) : new Refused("x"))
    );
    const options = { connect, concurrency: 1 };
    const results = await scanPorts(HOST, [79, 80, 81], options);
    assertEquals(results[1], { port: 80, state: "filtered", reason });
    assertEquals([results[0]!.state, results[2]!.state], ["closed", "closed"]);
  });
}

for (const code of ["EMFILE", "EADDRNOTAVAIL", "ENOBUFS"]) {
  Deno.test(`scanPorts() waits and tries again after ${code}: no state of a port`, async () => {
    const connect = fakeConnect((_, attempt) =>
      Promise.reject(
        attempt < 3 ? withCode(code) : new Refused("x"),
      )
    );
    const results = await scanPorts(HOST, [80, 81], { connect });
    assertEquals(results.map(({ state }) => state), ["closed", "closed"]);
    assertEquals(results.map(({ port }) => port).sort(), [80, 81]);
  });
}

Deno.test("scanPorts() is patient while any of its lanes goes on", async () => {
  // Port 80 never gets a descriptor before the hundred others are done.
  let others = 0;
  const connect = fakeConnect(async ({ port }) => {
    await Promise.resolve();
    if (port === 80 && others < 100) throw withCode("EMFILE");
    if (port !== 80) others++;
    throw new Refused("x");
  });
  const ports = Array.from({ length: 101 }, (_, i) => 80 + i);
  const results = await scanPorts(HOST, ports, { connect, concurrency: 2 });
  assertEquals(results.length, 101);
  assertEquals(results.every(({ state }) => state === "closed"), true);
});

Deno.test("scanPorts() throws what says nothing of a port", async () => {
  const connect = fakeConnect(() =>
    Promise.reject(new Deno.errors.NotCapable("no"))
  );
  let attempts = 0;
  const counted: Connect = fakeConnect(async (options, attempt) => {
    attempts++;
    if (attempt === 0) return connect(options as Deno.ConnectOptions);
    await Promise.resolve();
    throw new Refused("x");
  });
  const ports = Array.from({ length: 100 }, (_, i) => i + 1);
  await assertRejects(
    () => scanPorts(HOST, ports, { connect: counted, concurrency: 4 }),
    Deno.errors.NotCapable,
  );
  assert(attempts < 20, `the other lanes went on: ${attempts} attempts`);
});

Deno.test("a scan that fails prints what it knows, exit 1", async () => {
  const connect = fakeConnect((_, attempt) =>
    Promise.reject(attempt < 9 ? new Refused("x") : new Error("broken"))
  );
  let printed = "";
  const { writeSync } = Deno.stderr;
  Deno.stderr.writeSync = (bytes) => {
    printed += new TextDecoder().decode(bytes);
    return bytes.length;
  };
  try {
    const { signal } = new AbortController();
    assertEquals(await main([HOST, "1-20"], { signal, connect }), 1);
  } finally {
    Deno.stderr.writeSync = writeSync;
  }
  const [summary = "", ...rest] = printed.trim().split("\n");
  assertMatch(summary, /0 open, 9 closed.* with 11 ports not tried$/);
  assertEquals(rest, ["scan: Error: broken"]);
});

Deno.test("scanPorts() finds the open ports of a lossy network", async () => {
  // It loses one SYN of ten; the kernel would send it again after a second, too
  // late for this clock. Port 101 is silent for ever.
  for (const seed of [1, 2, 3]) {
    const random = new Random(seed);
    const asked: number[] = [];
    const connect = fakeConnect((options) => {
      asked.push(options.port);
      const lost = options.port > 100 || random.below(10) === 0;
      if (lost) return hang(options);
      return Promise.resolve(openConnection(options.port));
    });
    const ports = Array.from({ length: 101 }, (_, i) => i + 1);
    const results = await scanPorts(HOST, ports, { connect, timeoutMs: 20 });
    const open = results.filter(({ state }) => state === "open");
    assert(open.length >= 99, `${open.length} of 100`);
    assertEquals(results.length, 101);
    assert(asked.filter((port) => port === 101).length <= 3);
  }
});

Deno.test("scanPorts() asks a silent port twice, and no more", async () => {
  let attempts = 0;
  const connect = fakeConnect((options) => {
    attempts++;
    return hang(options);
  });
  const ports = [1, 2, 3, 4, 5];
  const options = { connect, timeoutMs: 10, concurrency: 2 };
  const results = await scanPorts(HOST, ports, options);
  const reason = "no answer within 10 ms";
  assertEquals(
    results.sort((a, b) => a.port - b.port),
    ports.map((port) => ({ port, state: "filtered", reason })),
  );
  assertEquals(attempts, 10);
});

Deno.test("scanPorts() takes no pause of its own for silence", async () => {
  using time = new FakeTime();
  const connect = fakeConnect((options) => {
    // The answer is there in time, but is read in the turn behind the clock's.
    const { promise, reject } = Promise.withResolvers<never>();
    setTimeout(() => setTimeout(() => reject(new Refused("x"))), 50);
    time.jump(200);
    return Promise.race([promise, hang(options)]);
  });
  const scan = scanPorts(HOST, [80], { connect, timeoutMs: 20 });
  const results = await time.passUntil(scan, 1);
  const reason = "connection refused";
  assertEquals(results, [{ port: 80, state: "closed", reason }]);
});

Deno.test("scanPorts() leaves nobody's answer unread for new questions", async () => {
  // As Deno does it: 128 answers a turn, those asked last first.
  const asked: { turn: number; answer: () => void }[] = [];
  let turn = 0;
  let longest = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const connect = fakeConnect(() => {
    const { promise, reject } = Promise.withResolvers<never>();
    asked.push({ turn, answer: () => reject(new Refused("x")) });
    return promise;
  });
  (function nextTurn() {
    turn++;
    for (const { turn: since, answer } of asked.splice(-128)) {
      longest = Math.max(longest, turn - since);
      answer();
    }
    timer = setTimeout(nextTurn);
  })();
  const ports = Array.from({ length: 10_000 }, (_, i) => i + 1);
  const options = { connect, concurrency: 1000, timeoutMs: 0 };
  await scanPorts(HOST, ports, options);
  clearTimeout(timer);
  assert(longest < 30, `one was left unread for ${longest} turns`);
});

Deno.test("probePort() takes a connection that met itself for closed", async () => {
  const end = { hostname: HOST, port: 40_000, transport: "tcp" };
  let closed = false;
  const connect = fakeConnect(() =>
    Promise.resolve({
      localAddr: end,
      remoteAddr: { ...end },
      [Symbol.dispose]: () => closed = true,
    })
  );
  const { signal } = new AbortController();
  const result = await probePort(HOST, 40_000, signal, connect);
  assertEquals([result.state, result.reason], ["closed", "self-connection"]);
  assert(closed, "the connection stayed open");
});

Deno.test("scanPorts() never has more attempts under way than it may", async () => {
  let now = 0;
  let most = 0;
  const connect = fakeConnect(async () => {
    most = Math.max(most, ++now);
    await Promise.resolve();
    now--;
    throw new Refused("x");
  });
  const ports = Array.from({ length: 100 }, (_, i) => i + 1);
  const results = await scanPorts(HOST, ports, { connect, concurrency: 7 });
  assertEquals(results.length, 100);
  assertEquals(most, 7);
});

Deno.test("scanPorts() returns what it knows when it is stopped", async () => {
  const stop = new AbortController();
  const connect = fakeConnect((options, attempt) =>
    attempt < 10 ? Promise.reject(new Refused("x")) : hang(options)
  );
  const ports = Array.from({ length: 100 }, (_, i) => i + 1);
  const options: ScanOptions = {
    connect,
    concurrency: 4,
    signal: stop.signal,
    timeoutMs: 60_000,
    onResult: ({ port }) => port === 10 && stop.abort(),
  };
  const results = await scanPorts(HOST, ports, options);
  assertEquals(results.map(({ port }) => port).sort((a, b) => a - b), [
    1,
    2,
    3,
    4,
    5,
    6,
    7,
    8,
    9,
    10,
  ]);
});

Deno.test({
  name: "a scan on a terminal shows an open port at once, and only once",
  ignore: Deno.build.os !== "linux" || !HAS_TERMINAL,
  fn: async () => {
    await using server = basicServer(0);
    using filtered = await filteredPort();
    const ports = `${server.addr.port},${filtered.port}`;
    const scan = OnTerminal.run([
      ...[Deno.execPath(), "run", "--no-prompt", `--allow-net=${HOST}`],
      ...["exercises/01_port_scanner.ts", HOST, ports],
      ...["--timeout", "600000"],
    ]);
    await scan.see(`${server.addr.port}  open `);
    await scan.type("\x03");
    const { shown, code } = await scan.end();
    assertMatch(
      shown,
      /: 1 open, 0 closed, 0 filtered in .* 1 port not tried/,
    );
    assertEquals(shown.includes("  open "), false, shown);
    assertEquals(code, 130);
  },
});

Deno.test("scanInParallel() finds the same as one thread, each port once", async () => {
  await using server = basicServer(0, { hostname: WIDE });
  const first = Math.max(1024, server.addr.port - 5000);
  const ports = Array.from({ length: 9000 }, (_, i) => first + i)
    .filter((port) => port < 65536);
  const seen: number[] = [];
  const results = await scanInParallel(SCANNER, WIDE, ports, {
    ...PATIENT,
    onResult: ({ port }) => seen.push(port),
  });
  const sorted = (list: number[]) => list.toSorted((a, b) => a - b);
  assertEquals(sorted(results.map(({ port }) => port)), ports);
  assertEquals(sorted(seen), ports);
  const ours = results.find(({ port }) => port === server.addr.port);
  assertEquals(ours?.state, "open");
});

Deno.test("scanInParallel() holds a concurrency below the number of threads", async () => {
  const ports = Array.from({ length: 8192 }, (_, i) => i + 1);
  const options = { ...PATIENT, concurrency: 1 };
  const results = await scanInParallel(SCANNER, WIDE, ports, options);
  assertEquals(results.map(({ port }) => port), ports);
});

Deno.test("scanInParallel() stops all its threads", async () => {
  const stop = new AbortController();
  const ports = Array.from({ length: 60_000 }, (_, i) => i + 1);
  const results = await scanInParallel(SCANNER, WIDE, ports, {
    ...PATIENT,
    signal: stop.signal,
    onResult: () => stop.abort(),
  });
  assert(results.length > 0 && results.length < 60_000);
});

/** The worker's side of a scanner: it begins with no port, fails at the first. */
const BROKEN = "data:text/javascript," + encodeURIComponent(
  "export function scanPorts(_, ports) {" +
    "if (ports.length > 0) throw new Error('broken'); return []; }",
);

Deno.test("scanInParallel() scans itself what a worker leaves that dies", async () => {
  const ports = Array.from({ length: 9000 }, (_, i) => i + 1);
  const seen: number[] = [];
  const results = await scanInParallel(
    { scanPorts, script: BROKEN },
    WIDE,
    ports,
    { ...PATIENT, onResult: ({ port }) => seen.push(port) },
  );
  const sorted = (list: number[]) => list.toSorted((a, b) => a - b);
  assertEquals(sorted(results.map(({ port }) => port)), ports);
  assertEquals(sorted(seen), ports);
});

Deno.test("scanInParallel() ends all its threads when this one fails, and tells what they know", async () => {
  const ports = Array.from({ length: 60_000 }, (_, i) => i + 1);
  const told = Promise.withResolvers<void>();
  let known = 0;
  const scanner: typeof SCANNER = {
    ...SCANNER,
    async scanPorts() {
      await told.promise; // The worker has found something.
      throw new Error("broken");
    },
  };
  const scan = scanInParallel(scanner, WIDE, ports, {
    ...PATIENT,
    onResult() {
      known++;
      told.resolve();
    },
  });
  await assertRejects(() => scan, Error, "broken");
  assert(known > 0 && known < 60_000, `${known} ports`);
});

Deno.test("the report says registered as, counts the states, and what is missing", () => {
  const results: PortResult[] = [
    { port: 22, state: "open", reason: "connected", rttMs: 0.123 },
    { port: 23, state: "closed", reason: "connection refused" },
    { port: 24, state: "filtered", reason: "no answer within 500 ms" },
  ];
  assertEquals(
    formatResult(SUBJECT, results[0]!),
    "   22  open      0.1 ms  registered as ssh",
  );
  assertEquals(
    formatResult(SUBJECT, results[2]!),
    "   24  filtered  no answer within 500 ms",
  );
  const named = { ...SUBJECT, host: "a.test", address: "::1" };
  const line = formatResult({ ...named, json: true }, results[0]!);
  assertEquals(JSON.parse(line), {
    host: "a.test",
    address: "::1",
    port: 22,
    state: "open",
    reason: "connected",
    rttMs: 0.123,
    service: "ssh",
  });
  assertEquals(
    formatSummary(named, results, 1234),
    "a.test (::1): 1 open, 1 closed, 1 filtered in 1.2 s",
  );
  results[2] = { port: 24, state: "filtered", reason: "host unreachable" };
  assertEquals(
    formatSummary({ ...named, host: "::1", wanted: 10 }, results, 1234),
    "[::1]: 1 open, 1 closed, 1 filtered (host unreachable) in 1.2 s; " +
      "stopped with 7 ports not tried",
  );
});

Deno.test("serviceName() knows registered ports, and no others", () => {
  assertEquals(serviceName(7), "echo");
  assertEquals(serviceName(13), "daytime");
  assertEquals(serviceName(80), "http");
  assertEquals(serviceName(443), "https");
  assertEquals(serviceName(3306), "mysql");
  assertEquals(serviceName(65535), undefined);
  // No part of another number, or of a name.
  for (const port of [3, 80 * 1000, 802]) {
    assertEquals(serviceName(port), undefined);
  }
});

Deno.test("a scan leaves no connection behind", async () => {
  await using server = basicServer(0);
  await scanPorts(HOST, [server.addr.port], PATIENT);
  using conn = await connectTo(server.addr.port);
  assert(await conn.read(new Uint8Array(100)) !== null);
});
