import { assert, assertEquals, assertRejects } from "@std/assert";
import { probePort, scanPorts } from "../exercises/01_port_scanner.ts";
import { scanInParallel } from "../exercises/01_scan/parallel_scan.ts";
import type {
  PortResult,
  ScanOptions,
} from "../exercises/01_scan/port_state.ts";
import {
  formatResult,
  formatSummary,
  jsonResult,
} from "../exercises/01_scan/scan_report.ts";
import { serviceName } from "../exercises/01_scan/service_names.ts";
import { basicServer } from "../exercises/05_basic_server.ts";
import { faultServer, resetAfter } from "./support/fault_server.ts";
import { connectTo, filteredPort, freePort } from "./support/network.ts";

const HOST = "127.0.0.1";
const SCANNER = {
  scanPorts,
  script: import.meta.resolve("../exercises/01_port_scanner.ts"),
};
type Connect = typeof Deno.connect;

/** A `Deno.connect` that does what `outcome` says, per attempt. */
function fakeConnect(
  outcome: (options: Deno.ConnectOptions, attempt: number) => Promise<unknown>,
): Connect {
  let attempt = 0;
  return ((options: Deno.ConnectOptions) =>
    outcome(options, attempt++)) as unknown as Connect;
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
  const closed = freePort();
  const results = await scanPorts(HOST, [server.addr.port, closed]);
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
    formatResult(results[0]!),
    "    7  open      reset at once  registered as echo",
  );
  // For real, though whether the RST comes in time is not ours to say.
  await using server = await faultServer(resetAfter(""));
  for (let i = 0; i < 20; i++) {
    const [result] = await scanPorts(HOST, [server.port]);
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
    const results = await scanPorts(HOST, [port], { timeoutMs: 200 });
    const reason = "no answer within 200 ms";
    assertEquals(results, [{ port, state: "filtered", reason }]);
  },
});

const NO_ANSWERS: [code: string, reason: string][] = [
  ["EHOSTUNREACH", "host unreachable"],
  ["ENETUNREACH", "network unreachable"],
  ["ETIMEDOUT", "the system gave up waiting"],
];

for (const [code, reason] of NO_ANSWERS) {
  Deno.test(`scanPorts() takes ${code} for filtered`, async () => {
    const connect = fakeConnect(() => Promise.reject(withCode(code)));
    const results = await scanPorts(HOST, [80], { connect });
    assertEquals(results, [{ port: 80, state: "filtered", reason }]);
  });
}

for (const code of ["EMFILE", "EADDRNOTAVAIL", "ENOBUFS"]) {
  Deno.test(`scanPorts() waits and tries again after ${code}: no state of a port`, async () => {
    const connect = fakeConnect((_, attempt) =>
      Promise.reject(
        attempt < 3 ? withCode(code) : new Deno.errors.ConnectionRefused("x"),
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
    throw new Deno.errors.ConnectionRefused("x");
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
    throw new Deno.errors.ConnectionRefused("x");
  });
  const ports = Array.from({ length: 100 }, (_, i) => i + 1);
  await assertRejects(
    () => scanPorts(HOST, ports, { connect: counted, concurrency: 4 }),
    Deno.errors.NotCapable,
  );
  assert(attempts < 20, `the other lanes went on: ${attempts} attempts`);
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
    throw new Deno.errors.ConnectionRefused("x");
  });
  const ports = Array.from({ length: 100 }, (_, i) => i + 1);
  const results = await scanPorts(HOST, ports, { connect, concurrency: 7 });
  assertEquals(results.length, 100);
  assertEquals(most, 7);
});

Deno.test("scanPorts() returns what it knows when it is stopped", async () => {
  const stop = new AbortController();
  const connect = fakeConnect((options, attempt) =>
    attempt < 10
      ? Promise.reject(new Deno.errors.ConnectionRefused("x"))
      : hang(options)
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

Deno.test("scanInParallel() finds the same as one thread, each port once", async () => {
  await using server = basicServer(0);
  const first = Math.max(1024, server.addr.port - 5000);
  const ports = Array.from({ length: 9000 }, (_, i) => first + i)
    .filter((port) => port < 65536);
  const seen: number[] = [];
  const results = await scanInParallel(SCANNER, HOST, ports, {
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
  const options = { concurrency: 1 };
  const results = await scanInParallel(SCANNER, HOST, ports, options);
  assertEquals(results.map(({ port }) => port), ports);
});

Deno.test("scanInParallel() stops all its threads", async () => {
  const stop = new AbortController();
  const ports = Array.from({ length: 60_000 }, (_, i) => i + 1);
  const results = await scanInParallel(SCANNER, HOST, ports, {
    signal: stop.signal,
    onResult: () => stop.abort(),
  });
  assert(results.length > 0 && results.length < 60_000);
});

Deno.test("scanInParallel() stops all its threads when one of them fails", async () => {
  const ports = Array.from({ length: 60_000 }, (_, i) => i + 1);
  let stopped = false;
  const scanner: typeof SCANNER = {
    // Of the worker: it begins with no port, and fails at the first.
    script: "data:text/javascript," + encodeURIComponent(
      "export function scanPorts(_, ports) {" +
        "if (ports.length > 0) throw new Error('broken'); return []; }",
    ),
    async scanPorts(_address, _ports, { signal } = {}) {
      await new Promise((resolve) =>
        signal!.addEventListener("abort", resolve)
      );
      stopped = true;
      return [];
    },
  };
  await assertRejects(() => scanInParallel(scanner, HOST, ports, {}), Error);
  assert(stopped, "the other one went on");
});

Deno.test("the report says registered as, counts the states, and what is missing", () => {
  const results: PortResult[] = [
    { port: 22, state: "open", reason: "connected", rttMs: 0.123 },
    { port: 23, state: "closed", reason: "connection refused" },
    { port: 24, state: "filtered", reason: "no answer within 500 ms" },
  ];
  assertEquals(
    formatResult(results[0]!),
    "   22  open      0.1 ms  registered as ssh",
  );
  assertEquals(
    formatResult(results[2]!),
    "   24  filtered  no answer within 500 ms",
  );
  assertEquals(JSON.parse(jsonResult("a.test", results[0]!)), {
    host: "a.test",
    port: 22,
    state: "open",
    reason: "connected",
    rttMs: 0.123,
    service: "ssh",
  });
  const report = { host: "a.test", address: "::1", elapsedMs: 1234, results };
  assertEquals(
    formatSummary({ ...report, wanted: 3 }),
    "a.test (::1): 1 open, 1 closed, 1 filtered in 1.2 s",
  );
  assertEquals(
    formatSummary({ ...report, host: "::1", wanted: 10 }),
    "[::1]: 1 open, 1 closed, 1 filtered in 1.2 s; " +
      "stopped with 7 ports not tried",
  );
});

Deno.test("serviceName() knows registered ports, and says null for others", () => {
  assertEquals(serviceName(7), "echo");
  assertEquals(serviceName(13), "daytime");
  assertEquals(serviceName(80), "http");
  assertEquals(serviceName(443), "https");
  assertEquals(serviceName(3306), "mysql");
  assertEquals(serviceName(65535), null);
});

Deno.test("a scan leaves no connection behind", async () => {
  await using server = basicServer(0);
  await scanPorts(HOST, [server.addr.port]);
  using conn = await connectTo(server.addr.port);
  assert(await conn.read(new Uint8Array(100)) !== null);
});
