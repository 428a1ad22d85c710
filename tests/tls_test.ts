/** What TLS changes, and what it must not. Real peers: tls_peers_test.ts. */
import {
  assert,
  assertEquals,
  assertMatch,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { basicServer } from "../exercises/05_basic_server.ts";
import { basicClient } from "../exercises/06_basic_client.ts";
import { daytimeClient } from "../exercises/03_daytime_client.ts";
import { daytimeServer } from "../exercises/03_daytime_server.ts";
import { echoClient } from "../exercises/04_echo_client.ts";
import { echoServer } from "../exercises/04_echo_server.ts";
import { messageClient } from "../exercises/07_message_client.ts";
import { messageServer } from "../exercises/07_message_server.ts";
import { fileClient } from "../exercises/08_file_client.ts";
import { fileServer } from "../exercises/08_file_server.ts";
import { proxy } from "../exercises/09_proxy.ts";
import {
  explainError,
  formatExplanation,
  notedConnect,
} from "../exercises/cli/explain_error.ts";
import {
  Connection,
  Deadline,
  type Listener,
  type Socket,
  TimeoutError,
  writeAll,
} from "../protocol/transport/mod.ts";
import * as resettable from "../protocol/transport/resettable.ts";
import { tlsConnect, tlsListen } from "../protocol/transport/tls.ts";
import { TlsError } from "../protocol/transport/tls_socket.ts";
import { type TraceEvent, Tracer } from "../protocol/transport/trace.ts";
import type { LogEntry } from "../servers/log.ts";
import { serve } from "../servers/serve.ts";
import {
  CA,
  connect,
  GOOD,
  IDENTITIES,
  listen,
} from "./support/certificates.ts";
import { bytesOf } from "./support/chunkings.ts";
import { faultServer, resetAfter, silent } from "./support/fault_server.ts";
import { connectTo } from "./support/network.ts";
import { TempFolder, testBytes } from "./support/temp_folder.ts";

const HOST = "127.0.0.1";
const network = { connect, listen };

/** What a person reads when this fails. */
async function sentenceOf(promise: Promise<unknown>): Promise<string> {
  const error = await promise.then(() => null, (error) => error);
  assert(error !== null, "it did not fail");
  return formatExplanation(explainError(error));
}

/** A server's log, and its entry when its one client has gone. */
function logOfOne() {
  const { promise, resolve } = Promise.withResolvers<LogEntry>();
  const log = (entry: LogEntry) => {
    if (entry.event === "disconnect") resolve(entry);
  };
  return { log, ended: promise };
}

/** Everything to a clean end, as text. */
async function textToEnd(socket: Socket): Promise<string> {
  const decoder = new TextDecoder();
  const buffer = new Uint8Array(64 * 1024);
  let text = "";
  for (let n; (n = await socket.read(buffer)) !== null;) {
    text += decoder.decode(buffer.subarray(0, n), { stream: true });
  }
  return text;
}

/** Both ends of one connection, shaken hands. */
async function pair() {
  using listener = listen({ hostname: HOST, port: 0 });
  const [client, server] = await Promise.all([
    connect(listener.addr),
    listener.accept(),
  ]);
  return { client, server };
}

Deno.test("every lesson does over TLS what it does without", async () => {
  await using echo = echoServer(0, network);
  const lines = ["hello", "¿Dónde está la eñe?", "x".repeat(300_000)];
  const port = echo.addr.port;
  const echoes = await Array.fromAsync(echoClient(HOST, port, lines, network));
  assertEquals(
    echoes.map(({ received }) => received),
    lines.map((line) => `${line}\r\n`),
  );

  await using daytime = daytimeServer(0, network);
  const time = await daytimeClient(HOST, daytime.addr.port, network);
  assertEquals([time.format === "unknown", time.failure], [false, null]);

  await using basic = basicServer(0, network);
  const [line] = await Array.fromAsync(
    basicClient(HOST, basic.addr.port, network),
  );
  assertMatch(line!, /^Welcome/);

  await using chat = messageServer(0, network);
  const say = async function* () {
    yield "hello";
  };
  const heard = await Array.fromAsync(
    messageClient(HOST, chat.addr.port, say, { ...network, name: "ana" }),
  );
  assertEquals(heard.at(-1), "* Goodbye");

  using folder = new TempFolder({ big: testBytes(3_000_000) });
  await using files = fileServer(0, { ...network, dir: folder.path });
  using client = fileClient(HOST, files.addr.port, network);
  const listing = await client.list();
  assertEquals(listing.kind === "listing" && listing.files[0]?.size, 3_000_000);
  await client.quit();
});

Deno.test("one direction ends, the other goes on", async () => {
  const { client, server } = await pair();
  using _client = client;
  using _server = server;
  await client.write(bytesOf("question"));
  await client.closeWrite();
  assertEquals(await textToEnd(server), "question");
  const answer = "answer ".repeat(200_000);
  const [heard] = await Promise.all([
    textToEnd(client),
    writeAll(server, bytesOf(answer)).then(() => server.closeWrite()),
  ]);
  assertEquals(heard === answer, true);
});

Deno.test("10 MB each way at once, intact", async () => {
  await using server = echoServer(0, network);
  using client = await connect(server.addr);
  const sent = testBytes(10_000_000);
  const buffer = new Uint8Array(64 * 1024);
  let [at, same] = [0, true];
  const read = async () => {
    for (let n; (n = await client.read(buffer)) !== null; at += n) {
      same &&= buffer.subarray(0, n).every((byte, i) => byte === sent[at + i]);
    }
  };
  await Promise.all([
    read(),
    writeAll(client, sent).then(() => client.closeWrite()),
  ]);
  assertEquals([at, same], [sent.length, true]);
});

for (
  const [server, expected] of [
    ["expired", /^The certificate of 127.0.0.1:\d+ has expired: the server/],
    ["not yet valid", /^The certificate of 127.0.0.1:\d+ is not valid yet: /],
    [
      "of another name",
      /could not prove its name \(.*other\.test.*192\.0\.2\.7/,
    ],
    [
      "of an unknown authority",
      /^Nobody here trusts who signed .* --ca ca.pem/,
    ],
  ] as const
) {
  Deno.test(`a certificate that is ${server} is refused, and both sides say why`, async () => {
    const { log, ended } = logOfOne();
    await using echo = echoServer(0, {
      listen: tlsListen(IDENTITIES[server]),
      log,
    });
    const sentence = await sentenceOf(notedConnect(connect)(echo.addr));
    assertMatch(sentence, expected);
    assertMatch(
      `${(await ended).reason}`,
      /^The peer refused the TLS connection: \w+$/,
    );
  });
}

Deno.test("who trusts no authority of his own refuses, too", async () => {
  await using echo = echoServer(0, network);
  const sentence = await sentenceOf(tlsConnect(Deno.connect)(echo.addr));
  assertStringIncludes(sentence, "--ca");
});

Deno.test("a server that speaks first, and no TLS, is called so", async () => {
  await using plain = daytimeServer(0);
  const { addr } = plain;
  const sentence = await sentenceOf(notedConnect(connect)(addr));
  assertEquals(
    sentence,
    `127.0.0.1:${addr.port} does not speak TLS: leave --tls out, or check the port`,
  );
});

Deno.test("a client that speaks no TLS gets an end, and the log says why", async () => {
  const { log, ended } = logOfOne();
  await using server = echoServer(0, { listen, log });
  using conn = await connectTo(server.addr.port);
  await conn.write(bytesOf("GET / HTTP/1.1\r\n\r\n"));
  assert(!(await textToEnd(conn)).includes("GET"), "it is an echo");
  assertEquals((await ended).reason, "The peer does not speak TLS");
});

const QUESTION = "a question\r\n";
const ANSWER = "an answer\r\n";

/** How a server of a test saw each of its connections end. */
function endsOf(listener: Listener, tell = true) {
  const ends: unknown[] = [];
  const server = serve(listener, async (conn) => {
    const end = await textToEnd(conn).catch((error) => error);
    if (tell) ends.push(end);
    if (end instanceof Error) throw end;
    await conn.write(bytesOf(ANSWER));
    await conn.closeWrite();
  });
  return { ends, server };
}

/** Asks, half-closes, and reads to the end of what the server answers. */
async function ask(port: number, timeoutMs = 60_000): Promise<string> {
  using deadline = new Deadline("connect", timeoutMs);
  using conn = new Connection(
    await connect({ hostname: HOST, port, signal: deadline.signal }),
    { idleTimeoutMs: timeoutMs },
  );
  deadline.stop();
  await conn.write(bytesOf(QUESTION));
  await conn.closeWrite();
  return await textToEnd(conn);
}

/** Bytes each way of what `ask` does, below TLS. */
async function bytesBelow(port: number): Promise<{ up: number; down: number }> {
  const bytes = { up: 0, down: 0 };
  const tracer = new Tracer(({ kind, dir, bytes: count = 0 }: TraceEvent) => {
    if (kind === "data") bytes[dir === "->" ? "up" : "down"] += count;
  });
  await using relay = proxy(0, HOST, port, {
    ...resettable,
    connect: tracer.connect(resettable.connect),
  });
  assertEquals(await ask(relay.addr.port), ANSWER);
  return bytes;
}

const WORKERS = 48;

const HARMLESS_BYTES = 20;

/** A signature may be shorter by so much: what ends with it, too. */
const SLACK_BYTES = 8;

for (const way of ["up", "down"] as const) {
  for (const fault of ["cut", "reset", "corrupt"] as const) {
    Deno.test(`${fault} at every byte on the way ${way}: an error, in time, and never a clean end`, async () => {
      const listener = listen({ hostname: HOST, port: 0 });
      const { ends, server } = endsOf(listener, way === "up");
      await using _ = server;
      const { port } = server.addr;
      const length = (await bytesBelow(port))[way] - SLACK_BYTES;
      ends.length = 0;
      const positions = Array.from({ length }, (_, i) => i).values();
      const one = async (relayPort: number, at: number) => {
        const answer = await ask(relayPort, 1000).catch((error) => error);
        if (answer instanceof Error) {
          const { what } = explainError(answer);
          assert(!/os error|^\w+: /.test(what), `${at}: ${what}`);
        } else if (way === "down") ends.push(answer);
      };
      await Promise.all(Array.from({ length: WORKERS }, async () => {
        const setting = { name: fault, value: 0, second: 0, on: true };
        const disturbing = { ...resettable, [way]: [setting] };
        await using relay = proxy(0, HOST, port, disturbing);
        for (const at of positions) {
          setting.value = at;
          if (at > 0 || fault === "corrupt") await one(relay.addr.port, at);
        }
      }));
      await server.shutdown();
      const whole = way === "up" ? QUESTION : ANSWER;
      const clean = ends.filter((end) => !(end instanceof Error));
      // TLS 1.3 ignores two bytes in the head of each record, and more in one
      // that is there for old middleboxes (RFC 8446, 5.1 and D.4).
      const most = fault === "corrupt" ? HARMLESS_BYTES : 0;
      assert(clean.length <= most, `${clean.length} ended cleanly`);
      assert(clean.every((text) => text === whole), `${clean}`);
    });
  }
}

Deno.test("the clean end of a stream that was cut is an error that says so", async () => {
  const { server } = endsOf(listen({ hostname: HOST, port: 0 }));
  await using _ = server;
  const { down } = await bytesBelow(server.addr.port);
  // The record of close_notify is the last.
  const setting = { name: "cut", value: down - 12, second: 0, on: true };
  await using relay = proxy(0, HOST, server.addr.port, {
    ...resettable,
    down: [setting],
  });
  const error = await assertRejects(() => ask(relay.addr.port), TlsError);
  assertEquals(error.code, "TLS_TRUNCATED");
  assertMatch(
    formatExplanation(explainError(error, { host: HOST, port: 7 })),
    /^The connection to 127.0.0.1:7 was cut: .* close_notify: /,
  );
});

Deno.test("1,000 handshakes that never end hold up nobody, take no place, and do not delay the stop", async () => {
  const log: LogEntry[] = [];
  const server = echoServer(0, {
    listen: tlsListen(GOOD),
    maxConnections: 2,
    log: (entry) => log.push(entry),
  });
  const { port } = server.addr;
  using stack = new DisposableStack();
  await Promise.all(Array.from({ length: 1000 }, async (_, i) => {
    const conn = stack.use(await connectTo(port));
    // Half of them begin, none goes on.
    if (i % 2) await conn.write(Uint8Array.of(22, 3, 1, 2, 0));
  }));
  const echoes = await Array.fromAsync(
    echoClient(HOST, port, ["hello"], network),
  );
  assertEquals(echoes[0]?.received, "hello\r\n");
  await server.shutdown(); // Nor does it wait for them.
  assertEquals(log.filter(({ event }) => event === "connect").length, 1);
});

Deno.test("a handshake that never ends is ended by the clock, and the log says so", async () => {
  const { log, ended } = logOfOne();
  await using server = echoServer(0, {
    listen: tlsListen(GOOD, 20),
    log,
  });
  using _ = await connectTo(server.addr.port);
  assertEquals((await ended).reason, "connect");
});

Deno.test("a server that says nothing is given up by the connect clock, or by the signal", async () => {
  await using server = await faultServer(silent());
  const addr = { hostname: HOST, port: server.port };
  using deadline = new Deadline("connect", 50);
  const error = await assertRejects(
    () => connect({ ...addr, signal: deadline.signal }),
    TimeoutError,
  );
  assertEquals(error.clock, "connect");
  const stop = new AbortController();
  const connecting = connect({ ...addr, signal: stop.signal });
  stop.abort(new DOMException("Interrupted", "AbortError"));
  await assertRejects(() => connecting, DOMException, "Interrupted");
});

Deno.test("a reset in the handshake is a reset", async () => {
  await using server = await faultServer(resetAfter(""));
  const sentence = await sentenceOf(
    connect({ hostname: HOST, port: server.port }),
  );
  assertStringIncludes(sentence, "reset the connection (RST)");
});

Deno.test("the idle clock of a server counts, and shutdown waits for nobody", async () => {
  const { log, ended } = logOfOne();
  await using server = echoServer(0, {
    listen,
    idleTimeoutMs: 30,
    log,
  });
  using client = await connect(server.addr);
  assertEquals((await ended).reason, "idle");
  assertEquals(await textToEnd(client), "");
  const other = echoServer(0, network);
  using held = await connect(other.addr);
  await held.write(bytesOf("x"));
  await held.read(new Uint8Array(1));
  await other.shutdown();
});

Deno.test("outside TLS a trace shows text, below it the network shows none", async () => {
  const events: string[] = [];
  const below: number[] = [];
  const tracer = new Tracer(({ data }) =>
    data && events.push(new TextDecoder().decode(data))
  );
  const wire = new Tracer(({ data }) => data && below.push(...data));
  await using server = echoServer(0, { listen: tracer.listen(listen) });
  await using relay = proxy(0, HOST, server.addr.port, {
    ...resettable,
    listen: wire.listen(resettable.listen),
  });
  const secret = "nobody may read this";
  await Array.fromAsync(
    echoClient(HOST, relay.addr.port, [secret], {
      connect: tracer.connect(connect),
    }),
  );
  assertEquals(events, Array(4).fill(`${secret}\r\n`));
  assertEquals(below[0], 22, "a handshake record comes first");
  const seen = new TextDecoder("latin1").decode(Uint8Array.from(below));
  assert(!seen.includes(secret.slice(0, 4)));
});

Deno.test("an address with a zone is proved without it", async () => {
  using listener = listen({ hostname: HOST, port: 0 });
  const asked: string[] = [];
  const there = tlsConnect((options) => {
    asked.push(options.hostname);
    return Deno.connect({ ...options, hostname: HOST });
  }, [CA]);
  const accepting = listener.accept();
  using _client = await there({ ...listener.addr, hostname: "::1%1" });
  using _server = await accepting;
  assertEquals(asked, ["::1%1"]);
});
