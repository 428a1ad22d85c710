/** The Echo server as a pool of workers. */
import { assertEquals, assertRejects } from "@std/assert";
import { echoPool } from "../exercises/04_echo/echo_pool.ts";
import type { LogEntry } from "../servers/log.ts";
import { Metrics } from "../servers/metrics.ts";
import { bytesOf } from "./support/chunkings.ts";
import { figuresOf } from "./support/figures.ts";

/** SO_REUSEPORT as it is needed here: not on every system. */
const CAN_SHARE = Deno.build.os === "linux";

/** Of all connections that the system gives to one of two workers. */
const MANY = 64;

Deno.test({
  name: "echoPool() answers in each worker, with one log, and stops in order",
  ignore: !CAN_SHARE,
  async fn() {
    const entries: LogEntry[] = [];
    const log = (entry: LogEntry) => entries.push(entry);
    const metrics = new Metrics();
    const pool = await echoPool(0, 2, { log, metrics });
    const { port } = pool.addr as Deno.NetAddr;
    const conns: Deno.TcpConn[] = [];
    const buffer = new Uint8Array(8);
    for (let i = 0; i < MANY; i++) {
      const conn = await Deno.connect({ hostname: "127.0.0.1", port });
      conns.push(conn);
      await conn.write(bytesOf("hello"));
      assertEquals(await conn.read(buffer), 5);
    }
    const open = await figuresOf(metrics);
    assertEquals(open["tcplab_connections_open"], MANY);
    assertEquals(open["tcplab_received_bytes_total"], MANY * 5);
    await pool.shutdown();
    const ended = await figuresOf(metrics);
    assertEquals(ended["tcplab_connections_open"], 0);
    assertEquals(ended["tcplab_connections_accepted_total"], MANY);
    for (const conn of conns) {
      assertEquals(await conn.read(buffer), null);
      conn.close();
    }
    const told = (event: string) => entries.filter((e) => e.event === event);
    const workers = new Set(told("connect").map(({ worker }) => worker));
    assertEquals(workers.size, 2);
    const reasons = told("disconnect").map(({ reason }) => reason);
    assertEquals(reasons, Array(MANY).fill("shutdown"));
    await assertRejects(
      () => Deno.connect({ hostname: "127.0.0.1", port }),
      Deno.errors.ConnectionRefused,
    );
  },
});

Deno.test("echoPool() does not share the port of another program", async () => {
  using taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  await assertRejects(
    () => echoPool(taken.addr.port, 2),
    Deno.errors.AddrInUse,
  );
});

Deno.test({
  name: "echoPool() divides the places, and its signal stops it",
  ignore: !CAN_SHARE,
  async fn() {
    const stop = new AbortController();
    const { promise, resolve } = Promise.withResolvers<LogEntry>();
    const log = (entry: LogEntry) => entry.event === "full" && resolve(entry);
    const pool = await echoPool(0, 2, {
      maxConnections: 2,
      log,
      signal: stop.signal,
    });
    const { port } = pool.addr as Deno.NetAddr;
    const conns: Deno.TcpConn[] = [];
    while (conns.length < MANY) {
      conns.push(await Deno.connect({ hostname: "127.0.0.1", port }));
    }
    assertEquals((await promise).connections, 1);
    stop.abort();
    await pool.finished;
    for (const conn of conns) conn.close();
  },
});

for (const places of [1, 3]) {
  Deno.test({
    name: `echoPool() serves ${places} at once in two workers, not more`,
    ignore: !CAN_SHARE,
    async fn() {
      const metrics = new Metrics();
      const options = { maxConnections: places, metrics };
      await using pool = await echoPool(0, 2, options);
      const { port } = pool.addr as Deno.NetAddr;
      const conns: Deno.TcpConn[] = [];
      while (conns.length < MANY) {
        conns.push(await Deno.connect({ hostname: "127.0.0.1", port }));
      }
      const answers = conns.map(async (conn) => {
        await conn.write(bytesOf("x"));
        return await conn.read(new Uint8Array(1)).catch(() => null);
      });
      for (let served = 0; served < places;) {
        await Promise.race(answers);
        const figures = await figuresOf(metrics);
        served = figures["tcplab_connections_open"]!;
      }
      const figures = await figuresOf(metrics);
      assertEquals(figures["tcplab_connections_open"], places);
      for (const conn of conns) conn.close();
      await Promise.all(answers);
    },
  });
}
