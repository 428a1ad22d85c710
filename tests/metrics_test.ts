/** What a server counts, and the page that Prometheus reads it from. */
import {
  assert,
  assertEquals,
  assertMatch,
  assertStringIncludes,
} from "@std/assert";
import { echoServer } from "../exercises/04_echo_server.ts";
import { messageServer } from "../exercises/07_message_server.ts";
import { fileServer } from "../exercises/08_file_server.ts";
import { proxy } from "../exercises/09_proxy.ts";
import { catalogue } from "../exercises/catalogue.ts";
import { servePage } from "../exercises/cli/metrics_page.ts";
import { ProtocolError } from "../protocol/errors.ts";
import { TimeoutError } from "../protocol/transport/deadline.ts";
import { connect, listen } from "../protocol/transport/resettable.ts";
import { nextTurn } from "../protocol/transport/turn.ts";
import type { LogEntry } from "../servers/log.ts";
import {
  addMetrics,
  counter,
  gauge,
  labelled,
  Metrics,
  METRICS_TYPE,
  renderMetrics,
} from "../servers/metrics.ts";
import { ProcessMetrics } from "../servers/process_metrics.ts";
import { serve } from "../servers/serve.ts";
import { Chatter } from "./support/chatter.ts";
import { bytesOf } from "./support/chunkings.ts";
import { FakeTime } from "./support/fake_time.ts";
import { figureOf, figuresOf } from "./support/figures.ts";
import { GUIDE_FOLDER } from "./support/guide.ts";
import {
  closedPort,
  connectTo,
  QUIET_HOST,
  readToEnd,
} from "./support/network.ts";
import { PlainClient } from "./support/plain_files.ts";
import { runScript, ServerScript } from "./support/script.ts";
import { TempFolder } from "./support/temp_folder.ts";

/** Waits until a server has told of `count` ends, each counted before. */
function disconnects() {
  let ended = 0;
  let wake = () => {};
  const log = ({ event }: LogEntry) => {
    if (event === "disconnect") ended++;
    wake();
  };
  async function all(count: number): Promise<void> {
    while (ended < count) await new Promise<void>((resolve) => wake = resolve);
  }
  return { log, all };
}

/** How connections have ended, without what has not happened. */
async function endsOf(
  metrics: Metrics,
  prefix = "tcplab",
): Promise<Record<string, number>> {
  const name = `${prefix}_connections_ended_total`;
  const ends = Object.entries(await figuresOf(metrics)).flatMap(
    ([key, count]) => {
      const [, reason] = /^(?:\w+){reason="(\w+)"}$/.exec(key) ?? [];
      return key.startsWith(name) && count > 0 ? [[reason!, count]] : [];
    },
  );
  return Object.fromEntries(ends);
}

Deno.test("metrics are rendered with HELP and TYPE; those of two threads add up", () => {
  const ofOne = [
    counter("a_total", "How many.", 1),
    counter("b_total", "By how.", labelled("reason", { idle: 2, reset: 0 })),
  ];
  const ofOther = structuredClone([
    counter("b_total", "By how.", labelled("reason", { idle: 40, total: 1 })),
    gauge("c_bytes", "Now.", 1.5),
  ]);
  const expected = `# HELP a_total How many.
# TYPE a_total counter
a_total 1
# HELP b_total By how.
# TYPE b_total counter
b_total{reason="idle"} 42
b_total{reason="reset"} 0
b_total{reason="total"} 1
# HELP c_bytes Now.
# TYPE c_bytes gauge
c_bytes 1.5
`;
  assertEquals(renderMetrics(addMetrics([...ofOne, ...ofOther])), expected);
  assertEquals(ofOne[1]!.samples['{reason="idle"}'], 2, "it was added to");
});

Deno.test("a long connection shows while it runs, and stays counted", async () => {
  const metrics = new Metrics();
  const { log, all } = disconnects();
  await using server = echoServer(0, { metrics, log });
  const conn = await connectTo(server.addr.port);
  for (let round = 1; round <= 3; round++) {
    await conn.write(bytesOf("hola\r\n"));
    await conn.read(new Uint8Array(6));
    assertEquals(
      await figureOf(metrics, "tcplab_received_bytes_total"),
      6 * round,
    );
  }
  assertEquals(await figureOf(metrics, "tcplab_connections_open"), 1);
  conn.close();
  await all(1);
  const { tcplab_connections_open, tcplab_sent_bytes_total, ...figures } =
    await figuresOf(metrics);
  assertEquals([tcplab_connections_open, tcplab_sent_bytes_total], [0, 18]);
  assertEquals(figures["tcplab_connections_accepted_total"], 1);
  assertEquals(await endsOf(metrics), { closed: 1 });
});

Deno.test("connections are counted by how they end, and never by a peer's words", async () => {
  const ends: [unknown, string][] = [
    [null, "closed"],
    [new TimeoutError("idle", 1), "idle"],
    [new TimeoutError("total", 1), "total"],
    [new TimeoutError("connect", 1), "connect"],
    [new Deno.errors.ConnectionReset(), "reset"],
    [new DOMException("The server is stopping", "AbortError"), "shutdown"],
    [new ProtocolError('It said "a\nb"} 7'), "protocol"],
    [new Error('"} 7'), "error"],
    ["no error at all", "error"],
  ];
  const metrics = new Metrics();
  const { log, all } = disconnects();
  const left = ends.map(([error]) => error);
  await using server = serve(
    Deno.listen({ hostname: "127.0.0.1", port: 0 }),
    async (conn) => {
      const error = left.shift();
      await conn.closeWrite();
      if (error !== null) throw error;
    },
    { metrics, log },
  );
  for (const _ of ends) {
    using conn = await connectTo(server.addr.port);
    await readToEnd(conn);
  }
  await all(ends.length);
  const expected = Object.groupBy(ends, ([, reason]) => reason);
  const counts = Object.entries(expected).map(([reason, of]) =>
    [reason, of!.length] as const
  );
  assertEquals(await endsOf(metrics), Object.fromEntries(counts));
});

Deno.test("a chat counts who is turned away, and how connections end", async () => {
  using time = new FakeTime();
  const metrics = new Metrics();
  const options = { hostname: QUIET_HOST, maxClients: 1, idleTimeoutMs: 5000 };
  const server = messageServer(0, { ...options, metrics });
  const { port } = server.addr;
  const idle = await Chatter.join(port);
  const refused = await Chatter.connect(port);
  await refused.expect("! Server is full", null);
  refused.conn.close();
  assertEquals(await figureOf(metrics, "tcplab_connections_refused_total"), 1);
  assertEquals(await figureOf(metrics, "tcplab_chat_members"), 1);
  await time.passUntil(idle.next(), 1000);
  await idle.expect(null);
  idle.conn.close();
  while (await figureOf(metrics, "tcplab_connections_open") > 0) {
    await nextTurn();
  }
  const stays = await Chatter.join(port);
  const stopped = server.shutdown();
  stays.conn.close();
  await stopped;
  assertEquals(await endsOf(metrics), { closed: 1, idle: 1, shutdown: 1 });
});

Deno.test("a file server counts files, their bytes and hashes", async () => {
  using folder = new TempFolder({ "a.txt": "0123456789", "b.txt": "b" });
  const metrics = new Metrics();
  await using server = fileServer(0, { dir: folder.path, metrics });
  using client = await PlainClient.connect(server.addr.port);
  await client.ask("FEATURES"); // Whoever knows of hashes may want one.
  for (const request of ["GET a.txt", "RESUME 4 a.txt"]) {
    assertEquals(await client.ask(request), "SENDING_FILE a.txt 10");
    await client.send("READY\r\n");
    await client.bytes(request === "GET a.txt" ? 10 : 6);
  }
  await client.ask("GET b.txt");
  assertMatch((await client.ask("QUIT"))!, /^CANCELLED/);
  assertMatch((await client.ask("SHA256 b.txt"))!, /^SHA256 /);
  const figures = await figuresOf(metrics);
  const names = ["sent_total", "sent_bytes_total", "hashes_total"];
  assertEquals(
    names.map((name) => figures[`tcplab_files_${name}`]),
    [2, 16, 2],
  );
});

Deno.test("a proxy counts both sides, and when the server is not there", async () => {
  const metrics = new Metrics();
  const { log, all } = disconnects();
  await using server = echoServer(0);
  const { port } = server.addr;
  const options = { connect, listen, metrics, log };
  await using between = proxy(0, "127.0.0.1", port, options);
  const conn = await connectTo(between.addr.port);
  await conn.write(bytesOf("hola"));
  await conn.read(new Uint8Array(4));
  const open = await figuresOf(metrics);
  for (const side of ["tcplab", "tcplab_upstream"]) {
    assertEquals(open[`${side}_connections_open`], 1);
    assertEquals(open[`${side}_received_bytes_total`], 4);
    assertEquals(open[`${side}_sent_bytes_total`], 4);
  }
  conn.close();
  await all(1);
  assertEquals(await endsOf(metrics, "tcplab_upstream"), { closed: 1 });
  assertEquals(await figureOf(metrics, "tcplab_upstream_connections_open"), 0);

  using nobody = await closedPort();
  const astray = new Metrics();
  await using lost = proxy(0, "127.0.0.1", nobody.port, {
    ...options,
    metrics: astray,
  });
  using refused = await connectTo(lost.addr.port);
  await readToEnd(refused).catch(() => {});
  await all(2);
  assertEquals(await figureOf(astray, "tcplab_upstream_unreachable_total"), 1);
  assertEquals(
    await figureOf(astray, "tcplab_upstream_connections_opened_total"),
    0,
  );
  assertEquals(await endsOf(astray), { reset: 1 });
});

Deno.test("an event loop that is held up shows it", async () => {
  using ofProcess = new ProcessMetrics();
  const metrics = new Metrics();
  metrics.add(() => ofProcess.read());
  const untilMs = performance.now() + 900;
  while (performance.now() < untilMs) { /* Nobody else gets a turn. */ }
  const delay = (key: string) =>
    figureOf(metrics, `tcplab_event_loop_delay_seconds${key}`);
  while (await delay("_count") === 0) {
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  assertEquals(await delay('_bucket{le="0.5"}'), 0);
  assertEquals(await delay('_bucket{le="+Inf"}'), 1);
  assert(await delay("_sum") >= 0.6);
});

/** What the page answers to these lines. */
async function ask(port: number, ...lines: string[]): Promise<string> {
  using conn = await connectTo(port);
  const head = [...lines, "Connection: close", "", ""].join("\r\n");
  await conn.write(bytesOf(head));
  return await readToEnd(conn);
}

Deno.test("the page answers to its own name only, and can only be read", async () => {
  const metrics = new Metrics();
  metrics.add(() => [counter("a_total", "How many.", 1)]);
  const stop = new AbortController();
  const page = servePage(0, metrics, stop.signal);
  const { port } = page.addr;
  const here = `Host: 127.0.0.1:${port}`;
  const cases: [number, string, string][] = [
    [200, "GET /metrics", here],
    [200, "GET /metrics", `Host: localhost:${port}`],
    [200, "GET /metrics?x=1", here],
    [200, "HEAD /metrics", here],
    [421, "GET /metrics", "Host: 127.0.0.1"],
    [421, "GET /metrics", "Host: evil.example"],
    [421, "GET /metrics", `Host: evil.example:${port}`],
    [421, "GET /metrics", `Host: 127.0.0.1:${port}.evil.example`],
    [421, "GET http://evil.example/metrics", "Host: evil.example"],
    [404, "GET /", here],
    [404, "GET /metrics/", here],
    [405, "POST /metrics", here],
    [405, "DELETE /metrics", here],
  ];
  for (const [status, request, host] of cases) {
    const answer = await ask(port, `${request} HTTP/1.1`, host);
    const [head = "", body = ""] = answer.split("\r\n\r\n");
    const told = `${request} ${host}`;
    assertMatch(head, RegExp(`^HTTP/1.1 ${status} `), told);
    const isMetrics = head.includes(`content-type: ${METRICS_TYPE}`);
    assertEquals(isMetrics, status === 200, told);
    const isThere = status === 200 && request.startsWith("GET");
    assertEquals(body.includes("a_total 1\n"), isThere, told);
  }
  assertMatch(await ask(port, "GET /metrics HTTP/1.0"), /^HTTP\/1.0 421 /);
  // Who has only begun to ask does not keep it.
  using half = await connectTo(port);
  await half.write(bytesOf("GET /met"));
  stop.abort();
  await page.finished;
});

/** Starts a command with `--metrics 0` and its least permissions. */
async function startMeasured(name: string) {
  const { file } = catalogue.find((row) => row.name === name)!;
  const net = `--allow-net=127.0.0.1:0`;
  const words = name === "proxy" ? ["0", "127.0.0.1", "9"] : ["0"];
  const flags = ["--no-prompt", net, "--allow-read=shared_files"];
  const server = await ServerScript.start(
    ["run", ...flags, file, ...words, "--metrics", "0"],
  );
  const line = await server.logged(/^Metrics on /);
  return { server, url: line.slice("Metrics on ".length) };
}

/** Null where it is not installed. */
async function promtool(text: string): Promise<string | null> {
  const args = ["check", "metrics"];
  const pipes = { stdin: "piped", stdout: "piped", stderr: "piped" } as const;
  try {
    const child = new Deno.Command("promtool", { args, ...pipes }).spawn();
    const writer = child.stdin.getWriter();
    await writer.write(bytesOf(text));
    await writer.close();
    const { code, stderr, stdout } = await child.output();
    const decoder = new TextDecoder();
    const said = decoder.decode(stderr) + decoder.decode(stdout);
    return code === 0 ? said : said || `exit code ${code}`;
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    return null;
  }
}

const HAS_PROMTOOL = await promtool("") !== null;

for (const { name } of catalogue.filter(({ listens }) => listens)) {
  Deno.test(`${name} --metrics 0 says where, and has nothing that is not by the book`, async () => {
    const { server, url } = await startMeasured(name);
    await using _ = server;
    const response = await fetch(url);
    assertEquals(response.headers.get("content-type"), METRICS_TYPE);
    const text = await response.text();
    const names = [...text.matchAll(/^# TYPE (\w+)/gm)].map(([, name]) => name);
    assertEquals(new Set(names).size, names.length, "a metric stands twice");
    for (
      const wanted of [
        "process_resident_memory_bytes",
        "process_start_time_seconds",
        "tcplab_connections_accepted_total",
        "tcplab_connections_refused_total",
        "tcplab_sent_bytes_total",
        "tcplab_event_loop_delay_seconds",
      ]
    ) {
      assert(names.includes(wanted), wanted);
    }
    for (const file of ["README.md", "README.es.md"]) {
      const guide = await Deno.readTextFile(new URL(file, GUIDE_FOLDER));
      const missing = names.filter((name) => !guide.includes(`| \`${name}\` `));
      assertEquals(missing, [], file);
    }
    for (const line of text.trimEnd().split("\n")) {
      assertMatch(line, /^(# (HELP|TYPE) \w+ .+|\w+(\{\w+="[\w+.]+"\})? \S+)$/);
    }
    const { code } = await server.stop();
    if (Deno.build.os !== "windows") assertEquals(code, 0);
  });

  Deno.test({
    name: `promtool finds nothing to say of ${name}'s metrics`,
    ignore: !HAS_PROMTOOL, // It is not installed here.
    fn: async () => {
      const { server, url } = await startMeasured(name);
      await using _ = server;
      assertEquals(await promtool(await (await fetch(url)).text()), "");
    },
  });
}

Deno.test("promtool would say it of a bad name", {
  ignore: !HAS_PROMTOOL, // It is not installed here.
}, async () => {
  const said = await promtool(renderMetrics([counter("a", "How many.", 1)]));
  assertStringIncludes(said!, "counter metrics should have");
});

Deno.test("--metrics on a port that is taken is explained by that port", async () => {
  using taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = taken.addr;
  const { code, stdout, stderr } = await runScript([
    ...["run", "--no-prompt", "--allow-net=127.0.0.1"],
    ...["exercises/04_echo_server.ts", "0", "--metrics", `${port}`],
  ]);
  assertEquals([code, stdout], [1, ""]);
  assertStringIncludes(stderr, `Port ${port} is already taken`);
});
