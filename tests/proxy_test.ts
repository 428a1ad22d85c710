import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { echoServer } from "../exercises/04_echo_server.ts";
import { proxy } from "../exercises/09_proxy.ts";
import { faultList } from "../exercises/09_proxy/fault_list.ts";
import {
  type Connect,
  Connection,
  type Listen,
  type Socket,
  writeAll,
} from "../protocol/transport/mod.ts";
import { connect, listen } from "../protocol/transport/resettable.ts";
import type { LogEntry } from "../servers/log.ts";
import type { ProxyOptions } from "../servers/proxy.ts";
import { serve, type Server } from "../servers/serve.ts";
import { bytesOf } from "./support/chunkings.ts";
import { FakeSocket } from "./support/fake_socket.ts";
import { faultServer } from "./support/fault_server.ts";
import { closedPort, connectTo, readToEnd } from "./support/network.ts";
import { runScript, ServerScript } from "./support/script.ts";
import { HAS_TERMINAL, OnTerminal } from "./support/terminal.ts";

const { parse: faults } = faultList("");
const { errors } = Deno;

/** A proxy to a port of loopback, over sockets that can send RST. */
function proxyTo(port: number, options: ProxyOptions = {}): Server {
  return proxy(0, "127.0.0.1", port, { connect, listen, ...options });
}

/** A server that does this with each connection. */
function serverThat(handle: (conn: Connection) => Promise<void>): Server {
  return serve(Deno.listen({ hostname: "127.0.0.1", port: 0 }), handle);
}

/** Sends `text` when the client has ended. */
function serverThatSays(text: string): Server {
  return serverThat(async (conn) => {
    await conn.write(bytesOf(text));
    await conn.closeInOrder();
  });
}

async function bytesToEnd(conn: Deno.Conn): Promise<Uint8Array> {
  return new Uint8Array(await new Response(conn.readable).arrayBuffer());
}

function randomBytes(length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let at = 0; at < length; at += 65536) {
    crypto.getRandomValues(bytes.subarray(at, at + 65536));
  }
  return bytes;
}

Deno.test("a proxy passes 10 MB each way at once, intact", async () => {
  await using server = echoServer(0);
  await using between = proxyTo(server.addr.port);
  const conn = await connectTo(between.addr.port);
  const sent = randomBytes(10_000_000);
  const [received] = await Promise.all([
    bytesToEnd(conn), // Closes it.
    writeAll(conn, sent).then(() => conn.closeWrite()),
  ]);
  assertEquals(received.length, sent.length);
  assert(received.every((byte, i) => byte === sent[i]));
});

Deno.test("who has half-closed is answered to the end", async () => {
  await using server = serverThat(async (conn) => {
    let bytes = 0;
    const buffer = new Uint8Array(64 * 1024);
    for (let n; (n = await conn.read(buffer)) !== null;) bytes += n;
    await conn.write(bytesOf(`${bytes} `.repeat(100_000)));
  });
  await using between = proxyTo(server.addr.port);
  using conn = await connectTo(between.addr.port);
  await writeAll(conn, new Uint8Array(3_000_000));
  await conn.closeWrite();
  assertEquals(await readToEnd(conn), "3000000 ".repeat(100_000));
});

Deno.test("who ends first still hears the other", async () => {
  const heard = Promise.withResolvers<string>();
  await using server = serverThat(async (conn) => {
    await conn.closeWrite();
    heard.resolve((await conn.readLine())!);
  });
  await using between = proxyTo(server.addr.port);
  using conn = await connectTo(between.addr.port);
  assertEquals(await conn.read(new Uint8Array(1)), null);
  await writeAll(conn, bytesOf("still here\n"));
  assertEquals(await heard.promise, "still here");
});

Deno.test("200 connections at once, each its own", async () => {
  await using server = echoServer(0);
  await using between = proxyTo(server.addr.port);
  const conns = await Promise.all(
    Array.from({ length: 200 }, () => connectTo(between.addr.port)),
  );
  await Promise.all(conns.map(async (conn, i) => {
    await writeAll(conn, bytesOf(`client ${i}`));
    await conn.closeWrite();
    assertEquals(await readToEnd(conn), `client ${i}`);
    conn.close();
  }));
});

Deno.test("while one side takes nothing, no more is read from the other", async () => {
  const taking = Promise.withResolvers<number>();
  const wrote = Promise.withResolvers<void>();
  let reads = 0;
  const addresses = {
    localAddr: { hostname: "127.0.0.1", port: 1 },
    remoteAddr: { hostname: "127.0.0.1", port: 2 },
  };
  const fake = (read: Socket["read"], write: Socket["write"]): Socket => ({
    ...addresses,
    read,
    write,
    closeWrite: () => Promise.resolve(),
    close: () => {},
    [Symbol.dispose]: () => {},
  });
  const ended = Promise.withResolvers<null>();
  const sender = fake(
    (buffer) => Promise.resolve(reads++ < 10 ? buffer.length : null),
    () => Promise.resolve(0),
  );
  const taker = fake(() => ended.promise, (data) => {
    wrote.resolve();
    return reads === 1 ? taking.promise : Promise.resolve(data.length);
  });
  const sockets = [sender];
  const oneClient: Listen = () => ({
    addr: addresses.localAddr,
    accept: () => {
      const socket = sockets.shift();
      return socket ? Promise.resolve(socket) : new Promise(() => {});
    },
    close: () => {},
    [Symbol.dispose]: () => {},
  });
  const gone = Promise.withResolvers<void>();
  proxy(0, "127.0.0.1", 1, {
    listen: oneClient,
    connect: () => Promise.resolve(taker),
    log: ({ event }) => event === "disconnect" && gone.resolve(),
  });
  await wrote.promise;
  for (let turn = 0; turn < 5; turn++) {
    await new Promise((resolve) => setImmediate(resolve));
  }
  assertEquals(reads, 1);
  taking.resolve(64 * 1024);
  ended.resolve(null);
  await gone.promise;
  assertEquals(reads, 11);
});

Deno.test("300 resets in the middle reach the other side as resets, and it serves on", async () => {
  await using resetting = await faultServer((socket) => {
    socket.once("data", () => socket.resetAndDestroy());
  });
  const log: LogEntry[] = [];
  await using between = proxyTo(resetting.port, { log: (e) => log.push(e) });
  await Promise.all(Array.from({ length: 300 }, async () => {
    using conn = await connectTo(between.addr.port);
    await writeAll(conn, bytesOf("x"));
    await assertRejects(
      () => conn.read(new Uint8Array(1)),
      errors.ConnectionReset,
    );
  }));
  using last = await connectTo(between.addr.port);
  await writeAll(last, bytesOf("x"));
  await assertRejects(
    () => last.read(new Uint8Array(1)),
    errors.ConnectionReset,
  );
  assertEquals(
    log.filter(({ event, reason }) =>
      event === "disconnect" && reason === "reset"
    ).length >= 300,
    true,
  );
});

Deno.test("the client's reset reaches the server", async () => {
  const end = Promise.withResolvers<unknown>();
  await using server = serverThat(async (conn) => {
    await conn.write(bytesOf("x"));
    await conn.read(new Uint8Array(1)).then(end.resolve, end.resolve);
  });
  await using between = proxyTo(server.addr.port);
  const { port } = between.addr;
  using client = await connect({ hostname: "127.0.0.1", port });
  await client.read(new Uint8Array(1));
  client.close(new errors.ConnectionReset());
  assert(await end.promise instanceof errors.ConnectionReset);
});

const UNREACHABLE: [connect: Connect, reason: string][] = [
  [async () => {
    using closed = await closedPort();
    return await connect({ hostname: "127.0.0.1", port: closed.port });
  }, "refused"],
  [
    ({ signal }) =>
      new Promise((_, reject) =>
        signal!.addEventListener("abort", () => reject(signal!.reason))
      ),
    "connect",
  ],
];

for (const [connect, reason] of UNREACHABLE) {
  Deno.test(`a server that is not there (${reason}): RST for the client, a line in the log`, async () => {
    const log: LogEntry[] = [];
    await using between = proxyTo(1, {
      connect,
      connectTimeoutMs: 10,
      log: (entry) => log.push(entry),
    });
    for (let i = 0; i < 2; i++) { // It is still there.
      await assertRejects(async () => {
        using conn = await connectTo(between.addr.port);
        await conn.read(new Uint8Array(1));
      }, errors.ConnectionReset);
    }
    const told = log.filter(({ event }) => event === "unreachable");
    assertEquals(told.map(({ reason }) => reason), [reason, reason]);
  });
}

const TEXT = "0123456789".repeat(20);

Deno.test("cut=100: the client gets 100 bytes and FIN", async () => {
  await using server = serverThatSays(TEXT);
  await using between = proxyTo(server.addr.port, { down: faults("cut=100") });
  using conn = await connectTo(between.addr.port);
  assertEquals(await readToEnd(conn), TEXT.slice(0, 100));
});

Deno.test("reset=100: the client gets 100 bytes at most, and ECONNRESET", async () => {
  await using server = serverThatSays(TEXT);
  const down = faults("reset=100");
  await using between = proxyTo(server.addr.port, { down });
  using conn = await connectTo(between.addr.port);
  let bytes = 0;
  await assertRejects(async () => {
    for (let n; (n = await conn.read(new Uint8Array(64))) !== null;) bytes += n;
  }, errors.ConnectionReset);
  assert(bytes <= 100, `${bytes}`);
});

Deno.test("--up reset=1 resets the server, and the client", async () => {
  const end = Promise.withResolvers<unknown>();
  await using server = serverThat(async (conn) => {
    await conn.write(bytesOf("w"));
    await conn.readExactly(2).then(end.resolve, end.resolve);
  });
  const up = faults("reset=1");
  await using between = proxyTo(server.addr.port, { up });
  using conn = await connectTo(between.addr.port);
  await conn.read(new Uint8Array(1)); // It has been accepted everywhere.
  await writeAll(conn, bytesOf("xy"));
  await assertRejects(
    () => conn.read(new Uint8Array(1)),
    errors.ConnectionReset,
  );
  assert(await end.promise instanceof errors.ConnectionReset);
});

Deno.test("half-close=10: the client gets 10 bytes and FIN, the server hears on", async () => {
  const heard = Promise.withResolvers<string>();
  await using server = serverThat(async (conn) => {
    await conn.write(bytesOf(TEXT));
    heard.resolve((await conn.readLine())!);
  });
  const down = faults("half-close=10");
  await using between = proxyTo(server.addr.port, { down });
  using conn = await connectTo(between.addr.port);
  assertEquals(await readToEnd(conn), TEXT.slice(0, 10));
  await writeAll(conn, bytesOf("I am still here\n"));
  assertEquals(await heard.promise, "I am still here");
});

Deno.test("silence=5 keeps the connection, and says nothing more", async () => {
  const heard = Promise.withResolvers<string>();
  await using server = serverThat(async (conn) => {
    await conn.write(bytesOf(TEXT));
    await conn.closeWrite();
    heard.resolve((await conn.readLine())!);
  });
  const down = faults("silence=5");
  await using between = proxyTo(server.addr.port, { down });
  using conn = await connectTo(between.addr.port);
  const buffer = new Uint8Array(100);
  assertEquals(await conn.read(buffer), 5);
  const more = conn.read(buffer);
  await writeAll(conn, bytesOf("Hello?\n"));
  // The server has ended both ways when the proxy ends this one.
  assertEquals(await heard.promise, "Hello?");
  await conn.closeWrite();
  assertEquals(await more, null);
});

Deno.test("chance is the same for the same seed, and another for each connection", async () => {
  await using server = serverThatSays("x".repeat(50));
  const bytesOfThree = async (seed: number) => {
    const down = faults("corrupt=40");
    await using between = proxyTo(server.addr.port, { down, seed });
    const texts: string[] = [];
    for (let i = 0; i < 6; i++) {
      using conn = await connectTo(between.addr.port);
      texts.push(await readToEnd(conn));
    }
    return texts;
  };
  const first = await bytesOfThree(1);
  assertEquals(await bytesOfThree(1), first);
  assert(new Set(first).size > 1);
  assert(`${await bytesOfThree(100)}` !== `${first}`);
});

Deno.test("a proxy that is told to stop waits for no fault", async () => {
  const upEnded = Promise.withResolvers<void>();
  const server = new FakeSocket(() => 0, Infinity, "hello");
  server.closeWrite = () => Promise.resolve(upEnded.resolve());
  const stop = new AbortController();
  const between = proxyTo(1, {
    connect: () => Promise.resolve(server),
    down: faults("hold=2147483647"),
    signal: stop.signal,
  });
  using conn = await connectTo(between.addr.port);
  await conn.closeWrite();
  // The one loop has ended, and the other holds the "hello".
  await upEnded.promise;
  stop.abort();
  await between.finished;
  assertEquals(await conn.read(new Uint8Array(1)), null);
});

Deno.test("sockets that can send RST otherwise do as Deno's do", async () => {
  const listener = listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  assertThrows(
    () => listen({ hostname: "127.0.0.1", port }),
    errors.AddrInUse,
  );
  using closed = await closedPort();
  await assertRejects(
    () => connect({ hostname: "127.0.0.1", port: closed.port }),
    errors.ConnectionRefused,
  );
  const signal = AbortSignal.abort(new Error("no more"));
  await assertRejects(
    () => connect({ hostname: "127.0.0.1", port, signal }),
    Error,
    "no more",
  );
  for (const reason of [undefined, new errors.BrokenPipe()]) {
    using client = await connect({ hostname: "127.0.0.1", port });
    using accepted = await listener.accept();
    assertEquals(client.remoteAddr, accepted.localAddr);
    assertEquals(client.localAddr, accepted.remoteAddr);
    await writeAll(client, bytesOf("hello"));
    const buffer = new Uint8Array(3);
    assertEquals(await accepted.read(buffer), 3);
    assertEquals(await accepted.read(buffer), 2); // And the rest of it.
    const waiting = accepted.read(buffer);
    accepted.close(reason);
    await assertRejects(() => waiting, errors.Interrupted);
    await assertRejects(() => accepted.write(buffer), errors.Interrupted);
    const end = client.read(buffer);
    if (reason) await assertRejects(() => end, errors.ConnectionReset);
    else assertEquals(await end, null);
  }
  using client = await connect({ hostname: "127.0.0.1", port });
  using accepted = await listener.accept();
  await writeAll(client, bytesOf("hello"));
  const buffer = new Uint8Array(3);
  await accepted.read(buffer);
  accepted.close(); // "lo" has come, and was not read.
  await assertRejects(() => accepted.read(buffer), errors.Interrupted);
  const waiting = listener.accept();
  listener.close();
  await assertRejects(() => waiting, errors.BadResource);
  await assertRejects(() => listener.accept(), errors.BadResource);
});

const PROXY = "run --no-prompt --allow-net=127.0.0.1 main.ts proxy 0 127.0.0.1";

Deno.test({
  name: "with ulimit -n 64 a proxy outlives 100 clients that want more",
  ignore: Deno.build.os === "windows", // There is no ulimit.
  fn: async () => {
    await using server = echoServer(0);
    const words = [...PROXY.split(" "), `${server.addr.port}`];
    await using between = await ServerScript.start(
      ["-c", 'ulimit -n 64; exec "$@"', "bash", Deno.execPath(), ...words],
      "bash",
    );
    const conns = await Promise.all(
      Array.from({ length: 100 }, () => connectTo(between.port)),
    );
    await between.logged(/ unreachable /);
    for (const conn of conns) conn.close();
    // Those that lay in the backlog come first, and find no room either.
    for (let echo = ""; echo !== "x";) {
      try {
        using conn = await connectTo(between.port);
        await writeAll(conn, bytesOf("x"));
        await conn.closeWrite();
        echo = await readToEnd(conn);
      } catch (error) {
        assert(error instanceof errors.ConnectionReset, `${error}`);
      }
    }
  },
});

Deno.test({
  name: "keys switch faults on and off, and a line says which are on",
  ignore: !HAS_TERMINAL, // There is no `script` here.
  fn: async () => {
    await using server = serverThatSays("hello");
    const words = [...PROXY.split(" "), `${server.addr.port}`];
    const options = ["--down", "cut=2", "--both", "slice=4"];
    const terminal = OnTerminal.run([Deno.execPath(), ...words, ...options]);
    const keys = "Faults (keys 1 to 2): ";
    const see = (slice: string, cut: string) =>
      terminal.see(`${keys}1 both slice=4 ${slice}, 2 down cut=2 ${cut}`);
    await see("on", "on");
    await terminal.see("Listening on 127.0.0.1:");
    const port = Number(await terminal.see("\r\n"));
    const heard = async () => {
      using conn = await connectTo(port);
      return await readToEnd(conn);
    };
    assertEquals(await heard(), "he");
    await terminal.type("x2");
    await see("on", "off");
    assertEquals(await heard(), "hello");
    await terminal.type("1");
    await see("off", "off");
    await terminal.type("2");
    await see("off", "on");
    assertEquals(await heard(), "he");
    await terminal.type("\x03");
    assertEquals((await terminal.end()).code, 0);
  },
});

Deno.test("a proxy of itself would relay without an end: exit 2", async () => {
  const port = "7008"; // Nothing listens, and nobody is asked.
  const script = ["run", "--no-prompt", "--allow-net=127.0.0.1"];
  script.push("exercises/09_proxy.ts", port, "127.0.0.1", port);
  const { code, stdout, stderr } = await runScript(script);
  assertEquals([code, stdout], [2, ""]);
  assertEquals(
    stderr,
    "proxy: The proxy would be its own server: choose another port (see proxy --help)\n",
  );
});
