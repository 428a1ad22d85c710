/** Commands that are watched: they tell what the system has seen, and no more. */
import {
  assert,
  assertEquals,
  assertMatch,
  assertStringIncludes,
} from "@std/assert";
import { once } from "node:events";
import { connect as connectNode } from "node:net";
import { daytimeServer } from "../exercises/03_daytime_server.ts";
import { echoServer } from "../exercises/04_echo_server.ts";
import { basicServer } from "../exercises/05_basic_server.ts";
import { fileServer } from "../exercises/08_file_server.ts";
import { commands } from "../exercises/catalogue.ts";
import { defineCommand } from "../exercises/cli/command.ts";
import { isUnwatched, notedConnect } from "../exercises/cli/explain_error.ts";
import { keepingZone } from "../exercises/cli/server_command.ts";
import type { Socket } from "../protocol/transport/socket.ts";
import { Tracer } from "../protocol/transport/trace.ts";
import { FakeSocket } from "./support/fake_socket.ts";
import { type Fault, faultServer, silent } from "./support/fault_server.ts";
import {
  closedPort,
  connectTo,
  ownHost,
  readToEnd,
} from "./support/network.ts";
import {
  linesOf,
  runScript,
  ServerScript,
  startClient,
} from "./support/script.ts";
import { HAS_STRACE, SystemCalls } from "./support/system_calls.ts";
import { TempFolder } from "./support/temp_folder.ts";

const RUN = ["run", "--no-prompt", "--allow-net", "--allow-read", "main.ts"];

const DRAW = ["run", "--no-prompt", "--allow-net"];

/** What `--trace=json` has told, in the words of `SystemCalls`. */
function eventsOf(stderr: string): string[] {
  return stderr.split("\n").filter((line) => line.startsWith('{"t":'))
    .map((line) => JSON.parse(line))
    // No system call, but a clock of ours.
    .filter(({ kind }) => kind !== "timeout")
    .map(({ conn, role, dir, kind, bytes }) => {
      const way = (role === "client") === (dir === "->") ? "out" : "in";
      if (kind === "data") return `${conn} ${way} ${bytes}`;
      return kind === "fin" ? `${conn} ${way} fin` : `${conn} ${kind}`;
    });
}

interface Peer extends AsyncDisposable {
  port: number;
}

function on(server: { addr: { port: number } } & AsyncDisposable): Peer {
  return Object.assign(server, { port: server.addr.port });
}

const nobody = async (): Promise<Peer> => {
  const held = await closedPort();
  return {
    port: held.port,
    [Symbol.asyncDispose]: () => Promise.resolve(held[Symbol.dispose]()),
  };
};

/** Not before: a connect can fail with a RST, too. */
const resetOnData: Fault = (socket) =>
  void socket.once("data", () => socket.resetAndDestroy());

/** A command, who it meets, and one of the events that must be among them. */
const CLIENTS: [
  command: string,
  peer: () => Peer | Promise<Peer>,
  event: string | null,
][] = [
  ["echo 127.0.0.1 PORT", () => on(echoServer(0)), "1 out 5"],
  ["echo 127.0.0.1 PORT --raw", () => on(echoServer(0)), "1 in fin"],
  ["daytime 127.0.0.1 PORT", () => on(daytimeServer(0)), "1 in fin"],
  ["client 127.0.0.1 PORT", () => on(basicServer(0)), "1 in fin"],
  ["test 127.0.0.1 PORT", () => on(echoServer(0)), "1 connect"],
  ["test 127.0.0.1 PORT", nobody, "1 refused"],
  ["scan 127.0.0.1 PORT", nobody, "1 refused"],
  ["files 127.0.0.1 PORT list", () => on(fileServer(0)), "1 out 6"],
  [
    "files 127.0.0.1 PORT get all_bytes.bin --output -",
    () => on(fileServer(0)),
    "1 in 256",
  ],
  ["echo 127.0.0.1 PORT", () => faultServer(resetOnData), "1 rst"],
  [
    "daytime 127.0.0.1 PORT --timeout 100",
    () => faultServer(silent()),
    null,
  ],
];

for (const [command, start, event] of CLIENTS) {
  Deno.test({
    name: `${command} tells each system call once, in order: ${
      event ?? "timeout"
    }`,
    ignore: !HAS_STRACE, // It is not here, or may not trace.
    fn: async () => {
      await using peer = await start();
      using calls = new SystemCalls();
      const words = command.replace("PORT", `${peer.port}`).split(" ");
      const { stderr } = await runScript(
        calls.traced([...RUN, ...words, "--trace=json"]),
        { command: "strace", input: "one\ntwo\n" },
      );
      const told = eventsOf(stderr);
      assertEquals(told, calls.events(), stderr);
      if (event) assert(told.includes(event), `${told}`);
      else assertStringIncludes(stderr, '"kind":"timeout"');
    },
  });
}

Deno.test({
  name: "a server tells each system call once, in order: of all its clients",
  ignore: !HAS_STRACE, // It is not here, or may not trace.
  fn: async () => {
    using calls = new SystemCalls();
    const args = [...RUN, "echoserver", "0", "--trace=json"];
    const server = await ServerScript.start(calls.traced(args), "strace");
    {
      using conn = await connectTo(server.port);
      await conn.write(new TextEncoder().encode("hello"));
      await conn.closeWrite();
      assertEquals(await readToEnd(conn), "hello");
    }
    {
      const conn = connectNode(server.port, "127.0.0.1");
      await once(conn, "connect");
      conn.write("x");
      await once(conn, "data");
      conn.resetAndDestroy();
    }
    await server.logged(/reset/);
    const { code, stderr } = await server.stop();
    assertEquals(code, 0);
    const told = eventsOf(stderr);
    assertEquals(told, calls.events(), stderr);
    for (const event of ["1 in fin", "2 rst"]) {
      assert(told.includes(event), `${told}`);
    }
  },
});

/** As the events of each connection; a FIN right before its close is in it. */
function byConnection(events: string[]): string[] {
  return [...Map.groupBy(events, (event) => parseInt(event)).values()]
    .map((own) => own.join(", ").replace(/, \d out fin(?=, \d close$)/, ""));
}

Deno.test({
  name: "a proxy tells each system call of its two connections once, in order",
  ignore: !HAS_STRACE, // It is not here, or may not trace.
  fn: async () => {
    await using server = echoServer(0);
    using calls = new SystemCalls();
    const words = ["proxy", "0", "127.0.0.1", `${server.addr.port}`];
    const args = [...RUN, ...words, "--trace=json"];
    const between = await ServerScript.start(calls.traced(args), "strace");
    {
      using conn = await connectTo(between.port);
      await conn.write(new TextEncoder().encode("hello"));
      assertEquals(await conn.read(new Uint8Array(9)), 5);
      await conn.closeWrite();
      assertEquals(await readToEnd(conn), "");
    }
    await between.logged(/disconnect/);
    const { code, stderr } = await between.stop();
    assertEquals(code, 0);
    // Its sockets read ahead: there is no one order of both.
    assertEquals(byConnection(eventsOf(stderr)), byConnection(calls.events()));
    assertEquals(byConnection(eventsOf(stderr)), [
      "1 accept, 1 in 5, 1 out 5, 1 in fin, 1 close",
      "2 connect, 2 out 5, 2 in 5, 2 out fin, 2 in fin, 2 close",
    ]);
  },
});

Deno.test("a trace goes to stderr; results are the same as without", async () => {
  await using server = echoServer(0);
  const args = [...RUN, "echo", "127.0.0.1", `${server.addr.port}`];
  const plain = await runScript(args, { input: "hi\n" });
  assertEquals(plain.stdout, "hi\n");
  for (const trace of ["--trace", "--trace=hex", "--trace=json"]) {
    const { code, stdout, stderr } = await runScript([...args, trace], {
      input: "hi\n",
    });
    assertEquals([code, stdout], [0, plain.stdout]);
    assert(stderr.split("\n").length > plain.stderr.split("\n").length + 4);
  }
});

Deno.test("a scan that is watched tells of every port, on however many cores", async () => {
  // From 8192 ports on other threads would help.
  const args = ["scan", ownHost(), "40000-49999", "--trace=json", "--json"];
  const { stderr } = await runScript([...RUN, ...args]);
  const told = eventsOf(stderr).filter((event) => !event.includes("close"));
  assertEquals(told.length, 10_000, told.slice(-3).join());
});

Deno.test("only Deno's own connect may be replaced by that of other threads", () => {
  const { connect } = Deno;
  assertEquals(isUnwatched(connect), true);
  assertEquals(isUnwatched(notedConnect(connect)), true);
  const traced = new Tracer(() => {}).connect(notedConnect(connect));
  assertEquals(isUnwatched(traced), false);
  assertEquals(isUnwatched(notedConnect(traced)), false);
});

Deno.test("without --trace nothing stands between an exercise and its sockets", async () => {
  const socket = new FakeSocket(() => 0);
  const given = {
    signal: new AbortController().signal,
    connect: () => Promise.resolve(socket),
    listen: () => ({
      addr: socket.localAddr,
      accept: () => Promise.resolve(socket),
      close() {},
      [Symbol.dispose]() {},
    }),
  };
  const seen: Socket[] = [];
  const main = defineCommand(commands.test, async (_, context) => {
    const there = { hostname: "127.0.0.1", port: 1 };
    seen.push(await context.connect(there));
    const listener = keepingZone(context.listen)(there);
    seen.push(await listener.accept());
    return 0;
  });
  assertEquals(await main(["127.0.0.1", "1"], given), 0);
  assertEquals(seen.length, 2);
  for (const one of seen) assert(one === socket);
});

const ENDS: [how: string, signal: Deno.Signal | null][] = [
  ["by itself", null],
  ["at Ctrl-C", "SIGINT"],
  ["at SIGTERM", "SIGTERM"],
];

for (const [how, signal] of ENDS) {
  Deno.test(`a client that ends ${how} leaves its diagram, in place of an old one`, async () => {
    await using server = echoServer(0);
    using folder = new TempFolder({ "echo.txt": "old" });
    const client = startClient([
      ...DRAW,
      `--allow-read=${folder.path}`,
      `--allow-write=${folder.path}`,
      "main.ts",
      "echo",
      "127.0.0.1",
      `${server.addr.port}`,
      "--diagram",
      folder.of("echo.txt"),
    ]);
    const input = client.stdin.getWriter();
    await input.write(new TextEncoder().encode("hello\n"));
    const stdout = linesOf(client.stdout);
    await stdout.read(); // It has connected, and said it.
    if (signal === null) await input.close();
    else client.kill(signal);
    const { code } = await client.status;
    assertEquals(code, signal === null ? 0 : 130);
    await Promise.all([stdout.cancel(), client.stderr.cancel()]);
    if (signal !== null) await input.close().catch(() => {});
    assertEquals(folder.names(), ["echo.txt"]);
    const drawn = new TextDecoder().decode(folder.read("echo.txt"));
    assertMatch(drawn, /-- "hello\\r\\n" 7 bytes -+>\|\n.*<- "hello/);
    assertMatch(drawn, /\| close +\|\n$/);
  });
}

Deno.test("a server draws all its clients when it is stopped", async () => {
  using folder = new TempFolder();
  const file = folder.of("server.html");
  const permissions = [
    `--allow-read=${folder.path}`,
    `--allow-write=${folder.path}`,
  ];
  const command = ["main.ts", "echoserver", "0", "--diagram", file];
  const server = await ServerScript.start([
    ...DRAW,
    ...permissions,
    ...command,
  ]);
  for (const text of ["one", "two"]) {
    using conn = await connectTo(server.port);
    await conn.write(new TextEncoder().encode(text));
    await conn.closeWrite();
    assertEquals(await readToEnd(conn), text);
  }
  const { code, stderr } = await server.stop();
  assertEquals(code, 0);
  assertStringIncludes(stderr, `echoserver: The diagram is in ${file}`);
  const drawn = await Deno.readTextFile(file);
  for (const part of ["Connection 1", "Connection 2", "one", "two"]) {
    assertStringIncludes(drawn, part);
  }
});

/** What is said before anything is connected to. */
const REFUSED: [
  file: string,
  permissions: string[],
  code: number,
  said: string,
][] = [
  [
    "x.png",
    [],
    2,
    "Expected a file that ends in one of .svg, .html, .mmd, .txt",
  ],
  [
    "link.svg",
    ["--allow-read", "--allow-write"],
    1,
    "link.svg is there already, and no file",
  ],
  ["x.svg", [], 1, "add --allow-write="],
  ["x.svg", ["--allow-write"], 1, "add --allow-read="],
  ["none/x.svg", ["--allow-read", "--allow-write"], 1, "none"],
];

for (const [file, permissions, code, said] of REFUSED) {
  Deno.test(`--diagram ${file} is refused ${permissions}: ${said}`, async () => {
    using folder = new TempFolder({ target: "keep" });
    await Deno.symlink(folder.of("target"), folder.of("link.svg"));
    using port = await closedPort();
    const result = await runScript([
      ...DRAW,
      ...permissions,
      "main.ts",
      "test",
      "127.0.0.1",
      `${port.port}`,
      "--diagram",
      folder.of(file),
    ]);
    assertEquals(result.code, code, result.stderr);
    assertStringIncludes(result.stderr, said);
    assertEquals(result.stderr.includes("Nothing listens"), false);
    assertEquals(new TextDecoder().decode(folder.read("target")), "keep");
  });
}

Deno.test("a command that fails is drawn too", async () => {
  using folder = new TempFolder();
  using port = await closedPort();
  const file = folder.of("test.mmd");
  const command = ["main.ts", "test", "127.0.0.1", `${port.port}`];
  const { code, stderr } = await runScript(
    [...DRAW, "--allow-read", "--allow-write", ...command, "--diagram", file],
  );
  assertEquals(code, 1);
  assertStringIncludes(stderr, "Nothing listens on");
  assertStringIncludes(await Deno.readTextFile(file), "B->>A: refused");
});
