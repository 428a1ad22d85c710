import { assert, assertEquals, assertRejects } from "@std/assert";
import { once } from "node:events";
import { connect as nodeConnect } from "node:net";
import { writeAll } from "../protocol/transport/copy.ts";
import { handleEcho } from "../servers/echo_handler.ts";
import type { LogEntry } from "../servers/log.ts";
import type { Handler } from "../servers/clients.ts";
import { serve, type ServeOptions } from "../servers/serve.ts";
import { bytesOf } from "./support/chunkings.ts";
import { FakeTime } from "./support/fake_time.ts";
import { faultServer } from "./support/fault_server.ts";
import { connectTo, HAS_IPV6, ownHost, readToEnd } from "./support/network.ts";

/** A server on a free port, and what it logs, as a stream of events. */
function start(
  handler: Handler,
  options: ServeOptions = {},
  hostname = "127.0.0.1",
) {
  const entries: LogEntry[] = [];
  let wake = () => {};
  const log = (entry: LogEntry) => {
    entries.push(entry);
    wake();
  };
  const listener = Deno.listen({ hostname, port: 0 });
  const server = serve(listener, handler, { ...options, log });
  /** Waits until `count` entries of `event` are there. */
  async function logged(event: string, count = 1): Promise<LogEntry[]> {
    for (;;) {
      const found = entries.filter((entry) => entry.event === event);
      if (found.length >= count) return found;
      await new Promise<void>((resolve) => wake = resolve);
    }
  }
  return { server, port: server.addr.port, logged };
}

async function echoes(conn: Deno.Conn, text: string): Promise<void> {
  const sent = bytesOf(text);
  await writeAll(conn, sent);
  const received = new Uint8Array(sent.length);
  for (let got = 0; got < sent.length;) {
    const count = await conn.read(received.subarray(got));
    assert(count !== null, "the server ended the connection");
    got += count;
  }
  assertEquals(received, sent);
}

Deno.test("serve() answers many clients at once", async () => {
  const { server, port } = start(handleEcho);
  await using _ = server;
  const conns = await Promise.all(
    Array.from({ length: 50 }, () => connectTo(port)),
  );
  await Promise.all(conns.map((conn, i) => echoes(conn, `client ${i}`)));
  for (const conn of conns) conn.close();
});

Deno.test("serve() tells who came, who went and why, and what passed", async () => {
  const { server, port, logged } = start(handleEcho);
  await using _ = server;
  const conn = await connectTo(port);
  await echoes(conn, "seven..");
  const { port: clientPort } = conn.localAddr;
  const peer = `127.0.0.1:${clientPort}`;
  conn.close();
  const [{ ms, ...gone } = { event: "" }] = await logged("disconnect");
  const bytes = { read: 7, written: 7 };
  assertEquals(gone, { event: "disconnect", peer, ...bytes, reason: "closed" });
  assert(Number.isInteger(ms) && Number(ms) >= 0);
  assertEquals(await logged("connect"), [{ event: "connect", peer }]);
});

Deno.test("serve() outlives a client that sends RST, and its handler's error", async () => {
  const { server, port, logged } = start(async (conn) => {
    const count = await conn.read(new Uint8Array(1));
    if (count === 1) throw new RangeError("a bug in the handler");
  });
  await using _ = server;
  const socket = nodeConnect(port, "127.0.0.1");
  await once(socket, "connect");
  await logged("connect");
  socket.resetAndDestroy();
  assertEquals((await logged("disconnect"))[0]!.reason, "reset");

  using second = await connectTo(port);
  await second.write(bytesOf("x"));
  assertEquals(
    (await logged("disconnect", 2))[1]!.reason,
    "error: a bug in the handler",
  );
  assertEquals(await second.read(new Uint8Array(1)), null);
  using third = await connectTo(port);
  await third.closeWrite();
  assertEquals((await logged("disconnect", 3))[2]!.reason, "closed");
});

Deno.test("serve() passes over connections that were reset before their turn", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { accept } = listener;
  let resets = 100;
  listener.accept = () =>
    resets-- > 0
      ? Promise.reject(new Deno.errors.NotConnected("reset"))
      : accept.call(listener);
  const entries: LogEntry[] = [];
  await using server = serve(listener, handleEcho, {
    log: (entry) => entries.push(entry),
  });
  using conn = await connectTo(server.addr.port);
  await echoes(conn, "at once");
  // Not a word of a failure, and no pause, as there is for a lack of places.
  assertEquals(entries.map(({ event }) => event), ["connect"]);
});

Deno.test("serve() goes on when its log cannot be written", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  await using server = serve(listener, handleEcho, {
    log: () => {
      throw new Error("No space left on device");
    },
  });
  for (const text of ["first", "second"]) {
    using conn = await connectTo(server.addr.port);
    await echoes(conn, text);
  }
});

Deno.test("serve() frees the place of a handler that throws at once", async () => {
  const { server, port, logged } = start(() => {
    throw new Error("at once");
  }, { maxConnections: 1 });
  await using _ = server;
  for (let i = 0; i < 3; i++) {
    using conn = await connectTo(port);
    assertEquals(await conn.read(new Uint8Array(1)), null);
  }
  await logged("disconnect", 3);
});

Deno.test("serve() ends when its listener is closed by its owner", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const server = serve(listener, handleEcho);
  listener.close();
  await server.finished;
  await server.shutdown();
});

Deno.test("serve() tells in its log who was cut off while it ended in order", async () => {
  using time = new FakeTime();
  const { server, port, logged } = start(
    (conn) => conn.closeInOrder(),
    { totalTimeoutMs: 500 },
  );
  await using _ = server;
  using conn = await connectTo(port);
  assertEquals(await conn.read(new Uint8Array(1)), null);
  const [entry] = await time.passUntil(logged("disconnect"), 50);
  assertEquals(entry!.reason, "total");
});

Deno.test("serve() holds maxConnections; the others wait for a place", async () => {
  const { server, port, logged } = start(handleEcho, { maxConnections: 2 });
  await using _ = server;
  const first = await connectTo(port);
  using second = await connectTo(port);
  await logged("connect", 2);
  using third = await connectTo(port); // The backlog holds it.
  await third.write(bytesOf("waiting"));
  await echoes(second, "served");
  assertEquals((await logged("connect", 2)).length, 2);
  first.close();
  const reply = new Uint8Array(7);
  assertEquals(await third.read(reply), 7);
  assertEquals(reply, bytesOf("waiting"));
  // It is full again, and has said so already.
  assertEquals(await logged("full"), [{ event: "full", connections: 2 }]);
});

Deno.test("serve() stops while it is full, and nobody is served", async () => {
  const { server, port, logged } = start(handleEcho, { maxConnections: 1 });
  using _ = await connectTo(port);
  await logged("connect");
  await server.shutdown();
  assertEquals((await logged("disconnect"))[0]!.reason, "shutdown");
});

Deno.test("serve() drops who is idle, and not who only sends", async () => {
  using time = new FakeTime();
  let heard = () => {};
  const { server, port, logged } = start(async (conn) => {
    while (await conn.read(new Uint8Array(1)) !== null) heard();
    await conn.write(bytesOf("all"));
  }, { idleTimeoutMs: 1000 });
  await using _ = server;
  using talker = await connectTo(port);
  using idle = await connectTo(port);
  await logged("connect", 2);
  for (let i = 0; i < 2; i++) {
    await time.pass(600);
    const hearing = new Promise<void>((resolve) => heard = resolve);
    await talker.write(bytesOf("x"));
    await hearing;
  }
  assertEquals(await time.passUntil(idle.read(new Uint8Array(1)), 50), null);
  await talker.closeWrite();
  assertEquals(await readToEnd(talker), "all");
});

Deno.test("serve() drops who is idle, and not who is busy", async () => {
  using time = new FakeTime();
  const { server, port, logged } = start(handleEcho, { idleTimeoutMs: 1000 });
  await using _ = server;
  using idle = await connectTo(port);
  using busy = await connectTo(port);
  await logged("connect", 2);
  for (let i = 0; i < 2; i++) {
    await time.pass(600);
    await echoes(busy, "still here");
  }
  assertEquals(await time.passUntil(idle.read(new Uint8Array(1)), 50), null);
  const [entry] = await logged("disconnect");
  assertEquals(entry!.reason, "idle");
  assertEquals(entry!.peer, `127.0.0.1:${idle.localAddr.port}`);
  await echoes(busy, "and still");
});

Deno.test("serve() drops a client that never reads when it is idle for too long", async () => {
  const { server, port, logged } = start(handleEcho, { idleTimeoutMs: 100 });
  await using _ = server;
  using conn = await connectTo(port);
  // More than the kernel takes both ways: the server's write must wait.
  const sending = writeAll(conn, new Uint8Array(32 * 1024 * 1024));
  await assertRejects(() => sending, Error);
  assertEquals((await logged("disconnect"))[0]!.reason, "idle");
});

Deno.test("serve() drops who stays beyond the total limit, busy or not", async () => {
  const { server, port, logged } = start(handleEcho, { totalTimeoutMs: 100 });
  await using _ = server;
  using conn = await connectTo(port);
  await assertRejects(async () => {
    for (;;) await echoes(conn, "busy");
  }, Error);
  assertEquals((await logged("disconnect"))[0]!.reason, "total");
});

Deno.test("serve() stops in order: no new client, all ended, port free", async () => {
  // Its port stays free when it was let go of.
  const hostname = ownHost();
  const { server, port, logged } = start(handleEcho, {}, hostname);
  using conn = await connectTo(port, hostname);
  await logged("connect");
  await server.shutdown();
  assertEquals((await logged("disconnect"))[0]!.reason, "shutdown");
  assertEquals(await conn.read(new Uint8Array(1)), null);
  await assertRejects(
    () => connectTo(port, hostname),
    Deno.errors.ConnectionRefused,
  );
  Deno.listen({ hostname, port }).close();
  await server.shutdown(); // A second time does nothing.
});

Deno.test("serve() stops on its signal, also one that fired before", async () => {
  const stop = new AbortController();
  const { server } = start(handleEcho, { signal: stop.signal });
  stop.abort();
  await server.finished;
  await start(handleEcho, { signal: AbortSignal.abort() }).server.finished;
});

Deno.test("serve() gives handlers their grace to say goodbye, and no more", async () => {
  using time = new FakeTime();
  const { server, port, logged } = start(async (conn, { signal }) => {
    await new Promise((resolve) => signal.addEventListener("abort", resolve));
    await writeAll(conn, bytesOf("bye\r\n"));
    // The first leaves in order, the second would stay for ever.
    if (conn.remoteAddr.port === polite) await conn.closeInOrder();
    else await conn.read(new Uint8Array(1));
  }, { shutdownGraceMs: 500 });
  let polite = 0;
  using first = await connectTo(port);
  polite = first.localAddr.port;
  using second = await connectTo(port);
  await logged("connect", 2);
  const stopped = server.shutdown();
  assertEquals(await readToEnd(first), "bye\r\n");
  await first.closeWrite();
  assertEquals((await logged("disconnect"))[0]!.reason, "closed");
  assertEquals(await time.passUntil(readToEnd(second), 50), "bye\r\n");
  assertEquals((await logged("disconnect", 2))[1]!.reason, "shutdown");
  await stopped;
});

Deno.test("serve() waits and goes on when accept() fails for lack of descriptors", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { accept } = listener;
  let failures = 3;
  listener.accept = () =>
    failures-- > 0
      ? Promise.reject(Object.assign(new Error("EMFILE"), { code: "EMFILE" }))
      : accept.call(listener);
  const entries: LogEntry[] = [];
  await using server = serve(listener, handleEcho, {
    log: (entry) => entries.push(entry),
  });
  using conn = await connectTo(server.addr.port);
  await echoes(conn, "at last");
  assertEquals(
    entries.map(({ event }) => event),
    ["accept-failed", "connect"],
  );
});

Deno.test({
  name: "serve() works on IPv6 loopback",
  ignore: !HAS_IPV6, // This machine has no ::1.
  fn: async () => {
    const listener = Deno.listen({ hostname: "::1", port: 0 });
    await using server = serve(listener, handleEcho);
    assertEquals(server.addr.hostname, "::1");
    using conn = await Deno.connect({
      hostname: "::1",
      port: server.addr.port,
    });
    await echoes(conn, "over IPv6");
  },
});

Deno.test("handleEcho() sends everything back after a half-close", async () => {
  const { server, port } = start(handleEcho);
  await using _ = server;
  using conn = await connectTo(port);
  const megabyte = "0123456789abcdef".repeat(65536);
  const [, received] = await Promise.all([
    writeAll(conn, bytesOf(megabyte)).then(() => conn.closeWrite()),
    readToEnd(conn),
  ]);
  assertEquals(received === megabyte, true);
});

Deno.test("Connection.closeInOrder() delivers all to a client whose input lies unread", async () => {
  const { server, port, logged } = start(async (conn) => {
    await writeAll(conn, new Uint8Array(2_000_000).fill(0x78));
    await conn.closeInOrder();
  });
  await using _ = server;
  const conn = await connectTo(port);
  await conn.write(bytesOf("QUIT\r\n"));
  assertEquals((await readToEnd(conn)).length, 2_000_000);
  conn.close();
  assertEquals((await logged("disconnect"))[0]!.reason, "closed");
});

Deno.test("Connection.closeInOrder() cuts off a peer that sends for ever", async () => {
  using time = new FakeTime();
  const { server, port, logged } = start((conn) => conn.closeInOrder());
  await using _ = server;
  using conn = await connectTo(port);
  const chunk = new Uint8Array(1024 * 1024);
  const sending = assertRejects(async () => {
    for (;;) await conn.write(chunk);
  }, Error);
  assertEquals(await conn.read(new Uint8Array(1)), null);
  await time.passUntil(sending, 100);
  await logged("disconnect");
});

Deno.test("a fault server is what its name says: RST is seen as a reset", async () => {
  await using server = await faultServer((socket) => {
    socket.once("data", () => socket.resetAndDestroy());
  });
  using conn = await connectTo(server.port);
  await conn.write(bytesOf("x"));
  await assertRejects(
    () => conn.read(new Uint8Array(1)),
    Deno.errors.ConnectionReset,
  );
});
