/** The message server over real sockets: who joins, talks, leaves and why. */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { once } from "node:events";
import { connect as nodeConnect, type Socket } from "node:net";
import {
  messageServer,
  type MessageServerOptions,
} from "../exercises/07_message_server.ts";
import { formatEndpoint } from "../protocol/transport/address.ts";
import type { LogEntry } from "../servers/log.ts";
import { Metrics } from "../servers/metrics.ts";
import { Chatter } from "./support/chatter.ts";
import { figureOf } from "./support/figures.ts";
import { FakeTime } from "./support/fake_time.ts";
import { connectTo, QUIET_HOST, readToEnd } from "./support/network.ts";
import { ROOT, ServerScript } from "./support/script.ts";

/** A server on a free port, and what it logs, without the peers' ports. */
function start(options: MessageServerOptions = {}) {
  const entries: LogEntry[] = [];
  const metrics = new Metrics();
  let wake = () => {};
  const server = messageServer(0, {
    hostname: QUIET_HOST,
    metrics,
    ...options,
    log({ peer: _, ...entry }) {
      if (entry.level === "debug") return;
      entries.push(entry);
      wake();
    },
  });
  /** Waits until so many have left, and says who and why. */
  async function left(count: number): Promise<string[]> {
    for (;;) {
      const found = entries.filter(({ event }) => event === "leave");
      if (found.length >= count) {
        return found.map(({ name, reason }) => `${name}: ${reason}`);
      }
      await new Promise<void>((resolve) => wake = resolve);
    }
  }
  const figure = (name: string) => figureOf(metrics, `tcplab_chat_${name}`);
  return { server, port: server.addr.port, entries, left, figure };
}

/** A client that can send RST when it wants to. */
async function resettable(port: number): Promise<Socket> {
  const socket = nodeConnect(port, QUIET_HOST);
  socket.on("error", () => {});
  await once(socket, "data");
  return socket;
}

Deno.test("messageServer() plays the transcript of the protocol page", async () => {
  const page = await Deno.readTextFile(new URL("protocol/README.md", ROOT));
  const section = /## Messages, exercise 7[^]*?```\n([^]*?)```/.exec(page)![1]!;
  const { server, port } = start();
  await using _ = server;
  using other = await Chatter.join(port);
  using client = await Chatter.connect(port);
  for (const [, who, line] of section.matchAll(/^([CSO]): (.*)$/gm)) {
    if (who === "C") {
      if (line === "(FIN)") client.conn.close();
      else await client.say(line!);
    } else if (who === "S") {
      await client.expect(line === "(FIN)" ? null : line!);
    } else await other.expect(line!);
  }
});

Deno.test("messageServer() lets clients talk, and tells each leaving once", async () => {
  const { server, port, left } = start();
  await using _ = server;
  using ana = await Chatter.join(port);
  using bob = await Chatter.join(port);
  await ana.expect("* guest-2 joined");
  await ana.say("hello", "/nick ana", "¿Dónde está la eñe?");
  await ana.expect("* guest-1 is now ana");
  await bob.expect(
    "<guest-1> hello",
    "* guest-1 is now ana",
    "<ana> ¿Dónde está la eñe?",
  );
  await bob.say("/list", "/nick ANA", "/what");
  await bob.expect(
    "* 2 connected: ana, guest-2",
    '! Nickname "ANA" is taken',
    '! Unknown command "/what"',
  );
  await ana.say("/quit", "too late");
  await ana.expect("* Goodbye", null);
  await bob.expect("* ana left");
  bob.conn.close();
  assertEquals(await left(2), ["ana: quit", "guest-2: closed"]);
});

Deno.test("messageServer() answers a client that has ended its side (FIN)", async () => {
  const { server, port, left } = start();
  await using _ = server;
  const conn = await connectTo(port, QUIET_HOST);
  await conn.write(new TextEncoder().encode("/list\n/nick ñ\nunfinished"));
  await conn.closeWrite();
  assertEquals(
    await readToEnd(conn),
    "* Welcome, guest-1. Commands: /list, /nick <name>, /quit\r\n" +
      "* 1 connected: guest-1\r\n* guest-1 is now ñ\r\n",
  );
  conn.close();
  assertEquals(await left(1), ["ñ: closed"]);
});

Deno.test("messageServer() tells apart how clients leave", async () => {
  const { server, port, left } = start();
  await using _ = server;
  using watcher = await Chatter.join(port);
  const closing = await Chatter.join(port);
  const resetting = await resettable(port);
  using cut = await Chatter.join(port);
  closing.conn.close();
  await left(1);
  resetting.resetAndDestroy();
  await left(2);
  await cut.send("half a li");
  await cut.conn.closeWrite();
  assertEquals(await left(3), [
    "guest-2: closed",
    "guest-3: reset",
    "guest-4: closed",
  ]);
  await watcher.expect(
    "* guest-2 joined",
    "* guest-3 joined",
    "* guest-4 joined",
    "* guest-2 left",
    "* guest-3 left",
    "* guest-4 left",
  );
});

Deno.test("messageServer() tells one leaving each of 1,000 that reset at once", async () => {
  const { server, port, left } = start();
  await using _ = server;
  using watcher = await Chatter.join(port);
  const sockets = await Promise.all(
    Array.from({ length: 1000 }, () => resettable(port)),
  );
  for (const socket of sockets) {
    // They do not read either: the others must not be held up.
    socket.pause();
    socket.resetAndDestroy();
  }
  const heard: string[] = [];
  while (heard.length < 2000) heard.push((await watcher.next())!);
  await watcher.say("/list");
  await watcher.expect("* 1 connected: guest-1");
  const told = (what: string) =>
    heard.filter((line) => line.endsWith(what)).sort();
  const names = Array.from({ length: 1000 }, (_, i) => `* guest-${i + 2}`);
  for (const what of [" joined", " left"]) {
    assertEquals(told(what), names.map((name) => name + what).sort());
  }
  assert((await left(1000)).every((line) => line.endsWith(": reset")));
});

Deno.test("messageServer() says that it is full, and tells nobody else", async () => {
  const { server, port, entries, left } = start({ maxClients: 2 });
  await using _ = server;
  const [ana, bob] = await Chatter.joinAll(port, 2) as [Chatter, Chatter];
  const third = await connectTo(port, QUIET_HOST);
  assertEquals(await readToEnd(third), "! Server is full\r\n");
  third.close();
  bob.conn.close();
  await left(1);
  using next = await Chatter.join(port);
  assertEquals(next.name, "guest-3");
  await ana.expect("* guest-2 left", "* guest-3 joined");
  ana.conn.close();
  assertEquals(entries.slice(0, 3), [
    { event: "join", name: "guest-1" },
    { event: "join", name: "guest-2" },
    { event: "refuse", reason: "full" },
  ]);
});

Deno.test("messageServer() lets go who says nothing, however much it hears", async () => {
  using time = new FakeTime();
  const { server, port, left } = start({ idleTimeoutMs: 1000 });
  await using _ = server;
  const [busy, idle] = await Chatter.joinAll(port, 2) as [Chatter, Chatter];
  await time.pass(600);
  await busy.say("still here");
  await time.passUntil(idle.expect("<guest-1> still here"));
  await time.pass(600);
  const refusal = "! Nothing was heard from you for 1000 ms";
  await time.passUntil(idle.expect(refusal, null), 50);
  assertEquals(await left(1), ["guest-2: idle"]);
  await time.passUntil(busy.expect("* guest-2 left"));
  busy.conn.close();
  idle.conn.close();
});

Deno.test("messageServer() delays who sends too many lines, and loses none", async () => {
  const { server, port } = start({ linesPerSecond: 20 });
  await using _ = server;
  const [fast, other] = await Chatter.joinAll(port, 2) as [Chatter, Chatter];
  const lines = Array.from({ length: 30 }, (_, i) => `line ${i}`);
  const startMs = performance.now();
  await fast.say(...lines, "/quit");
  // It is the one who floods that waits, and nobody else.
  await other.say("hello");
  await fast.expect("<guest-2> hello");
  await other.expect(...lines.map((line) => `<guest-1> ${line}`));
  // Twenty at once, then one every 50 ms: ten times, or slower.
  assert(performance.now() - startMs >= 450);
  await other.expect("* guest-1 left");
  fast.conn.close();
  other.conn.close();
});

Deno.test("messageServer() takes no pause of its own for idleness", async () => {
  using time = new FakeTime();
  const { server, port, left } = start({
    linesPerSecond: 2,
    idleTimeoutMs: 300,
  });
  await using _ = server;
  using fast = await Chatter.join(port);
  await fast.say("one", "two", "three", "four", "/quit");
  await time.passUntil(fast.expect("* Goodbye", null), 50);
  assertEquals(await left(1), ["guest-1: quit"]);
});

Deno.test("messageServer() lets go who is reset while it has to wait", async () => {
  using time = new FakeTime();
  const { server, port, left, figure } = start({ linesPerSecond: 2 });
  await using _ = server;
  const [fast, other] = await Chatter.joinAll(port, 2) as [Chatter, Chatter];
  await fast.say(...Array(100).fill("again"));
  await other.expect("<guest-1> again");
  fast.conn.close(); // What it is told now is answered with RST.
  await other.say(...Array(10).fill("hello"));
  assertEquals(await time.passUntil(left(1), 50), ["guest-1: reset"]);
  assert(await figure("lines_total") < 20, "all that it said was heard before");
  other.conn.close();
});

Deno.test("messageServer() removes who does not read, within its bound", async () => {
  const queueBytes = 256 * 1024;
  const { server, port, left, figure } = start({ queueBytes });
  await using _ = server;
  const [slow, sender, other] = await Chatter.joinAll(port, 3) as [
    Chatter,
    Chatter,
    Chatter,
  ];
  const line = "x".repeat(4000);
  const total = 50_000_000 / line.length;
  let largest = 0;
  const sending = (async () => {
    for (let sent = 0; sent < total; sent += 25) {
      await sender.say(...Array(25).fill(line));
      largest = Math.max(largest, await figure("queued_bytes"));
    }
  })();
  let heard = 0;
  let leavings = 0;
  while (heard < total) {
    const next = await other.next();
    if (next === `<guest-2> ${line}`) heard++;
    else {
      assertEquals(next, "* guest-1 left");
      leavings++;
    }
  }
  await sending;
  await sender.expect("* guest-1 left");
  assertEquals([leavings, await left(1)], [1, ["guest-1: too slow"]]);
  // Of the two that read, each can have a batch on its way.
  assert(largest <= queueBytes + 2 * 128 * 1024, `${largest} bytes waited`);
  slow.conn.close();
  sender.conn.close();
  other.conn.close();
});

Deno.test("messageServer() removes who does not read, also where it is half the room", async () => {
  const { server, port, left } = start({ queueBytes: 64 * 1024 });
  await using _ = server;
  const [slow, sender] = await Chatter.joinAll(port, 2) as [Chatter, Chatter];
  let gone = false;
  const sending = (async () => {
    while (!gone) await sender.say("x".repeat(4000));
  })().catch(() => {});
  // The sender is made to wait for a while, in case it is the one too fast.
  assertEquals(await left(1), ["guest-1: too slow"]);
  gone = true;
  await sending;
  await sender.expect("* guest-1 left");
  slow.conn.close();
  sender.conn.close();
});

Deno.test("messageServer() goes on when its log cannot be written", async () => {
  await using server = messageServer(0, {
    hostname: QUIET_HOST,
    log() {
      throw new Error("No space left on device");
    },
  });
  using ana = await Chatter.join(server.addr.port);
  using bob = await Chatter.join(server.addr.port);
  await bob.say("/quit");
  await bob.expect("* Goodbye", null);
  await ana.expect("* guest-2 joined", "* guest-2 left");
  await ana.say("/list");
  await ana.expect("* 1 connected: guest-1");
});

Deno.test("messageServer() stops in order: all are told, and end with FIN", async () => {
  const { server, port, left, figure } = start();
  const all = await Promise.all(
    Array.from({ length: 100 }, () => Chatter.join(port)),
  );
  const finished = server.shutdown();
  await Promise.all(all.map(async (chatter) => {
    let line = await chatter.next();
    while (/ joined$/.test(line!)) line = await chatter.next();
    assertEquals(line, "* Server is shutting down");
    await chatter.expect(null);
    chatter.conn.close();
  }));
  await finished;
  assert((await left(100)).every((line) => line.endsWith(": shutdown")));
  assertEquals(await figure("members"), 0);
});

Deno.test("messageServer() does not wait for clients that stay after the end", async () => {
  using time = new FakeTime();
  const { server, port } = start();
  using staying = await Chatter.join(port);
  using quitting = await Chatter.join(port);
  await quitting.say("/quit");
  await quitting.expect("* Goodbye", null);
  const stopped = server.shutdown();
  await staying.expect("* guest-2 joined", "* guest-2 left");
  await staying.expect("* Server is shutting down", null);
  // Neither closes: the server does, after a second.
  await time.passUntil(stopped, 100);
});

Deno.test("messageServer() counts clients, lines and deliveries", async () => {
  const { server, port, figure } = start();
  await using _ = server;
  const [ana, bob, carla] = await Chatter.joinAll(port, 3) as [
    Chatter,
    Chatter,
    Chatter,
  ];
  assertEquals([await figure("members"), await figure("lines_total")], [3, 0]);
  // Three welcomes, and of each who came all before it were told.
  assertEquals(await figure("deliveries_total"), 3 + 1 + 2);
  await ana.say("hello", "/list");
  await ana.expect("* 3 connected: guest-1, guest-2, guest-3");
  await bob.expect("<guest-1> hello");
  await carla.expect("<guest-1> hello");
  assertEquals([await figure("lines_total"), await figure("queued_bytes")], [
    2,
    0,
  ]);
  assertEquals(await figure("deliveries_total"), 6 + 3);
  for (const { conn } of [ana, bob, carla]) conn.close();
});

Deno.test("messageServer() logs peers, and names in place of connections", async () => {
  const entries: LogEntry[] = [];
  await using server = messageServer(0, {
    hostname: QUIET_HOST,
    log: (entry) => entries.push(entry),
  });
  const ana = await Chatter.join(server.addr.port);
  const peer = formatEndpoint(ana.conn.localAddr);
  await ana.say("/nick ana", "/quit");
  await ana.expect("* guest-1 is now ana", "* Goodbye", null);
  ana.conn.close();
  await server.shutdown();
  assertEquals(entries.filter(({ level }) => level !== "debug"), [
    { event: "join", peer, name: "guest-1" },
    { event: "rename", peer, name: "ana", from: "guest-1" },
    { event: "leave", peer, name: "ana", reason: "quit" },
  ]);
  // Never what somebody said.
  assertEquals(entries.map(({ event, type = "" }) => `${event} ${type}`), [
    "connect ",
    "join ",
    "command nick",
    "rename ",
    "command quit",
    "leave ",
    "disconnect ",
  ]);
  assertMatch(peer, /:\d+$/);
});

const SERVER = [
  "run",
  "--no-prompt",
  `--allow-net=${QUIET_HOST}`,
  "exercises/07_message_server.ts",
  ...["0", "--host", QUIET_HOST],
];

Deno.test({
  name: "msgserver --json logs in JSON lines",
  ignore: Deno.build.os === "windows", // There are no such signals.
  fn: async () => {
    await using server = await ServerScript.start([...SERVER, "--json"]);
    using ana = await Chatter.join(server.port);
    await server.logged(/"join"/);
    await ana.say("/quit");
    await ana.expect("* Goodbye", null);
    ana.conn.close();
    const leave = JSON.parse(await server.logged(/"leave"/));
    assertEquals([leave.name, leave.reason], ["guest-1", "quit"]);
    assertMatch(leave.time, /^\d{4}-\d\d-\d\dT/);
    const { code, stderr } = await server.stop();
    assertEquals(code, 0);
    // The rest is what Deno says of its debugger.
    const lines = stderr.split("\n").filter((line) => line.startsWith("{"));
    assertEquals(lines.map((line) => JSON.parse(line).event), [
      "join",
      "leave",
    ]);
  },
});

Deno.test({
  name: "msgserver told to stop with 1,000 clients ends them with FIN, exit 0",
  ignore: Deno.build.os === "windows", // There a signal kills.
  fn: async () => {
    await using server = await ServerScript.start([...SERVER, "--quiet"]);
    const conns = await Promise.all(
      Array.from({ length: 1000 }, () => connectTo(server.port, QUIET_HOST)),
    );
    const ends = conns.map(async (conn) => {
      const text = await readToEnd(conn);
      conn.close();
      return text;
    });
    // The last to come has heard everything.
    using last = await Chatter.join(server.port);
    assertMatch(last.name, /^guest-100\d$/);
    const { code } = await server.stop();
    assertEquals(code, 0);
    for (const text of await Promise.all(ends)) {
      assert(text.endsWith("\r\n* Server is shutting down\r\n"), text);
    }
  },
});

Deno.test({
  name: "msgserver with ulimit -n 64 lets 200 clients in as places become free",
  ignore: Deno.build.os === "windows", // There is no ulimit.
  fn: async () => {
    const words = [Deno.execPath(), ...SERVER, "--quiet"];
    await using server = await ServerScript.start(
      ["-c", 'ulimit -n 64; exec "$@"', "bash", ...words],
      "bash",
    );
    await Promise.all(Array.from({ length: 200 }, async () => {
      using chatter = await Chatter.join(server.port);
      await chatter.say("/quit");
      while (await chatter.next() !== null);
    }));
    assertEquals((await server.stop()).code, 0);
  },
});
