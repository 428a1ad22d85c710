/** The programs as a person starts them: words in, lines and exit code out. */
import {
  assert,
  assertEquals,
  assertMatch,
  assertStringIncludes,
} from "@std/assert";
import { catalogue } from "../exercises/catalogue.ts";
import { createCertificates } from "../exercises/tools/certificate.ts";
import { writeAll } from "../protocol/transport/copy.ts";
import { faultServer, silent } from "./support/fault_server.ts";
import {
  closedPort,
  connectTo,
  filteredPort,
  HAS_IPV6,
} from "./support/network.ts";
import {
  headerCommands,
  linesOf,
  runScript,
  ServerScript,
  startClient,
} from "./support/script.ts";
import { TempFolder } from "./support/temp_folder.ts";

const NET = ["run", "--no-prompt", "--allow-net=127.0.0.1"];
const MAIN = [...NET, "--allow-read=shared_files", "main.ts"];

const WRONG: [args: string[], says: string][] = [
  [[], "Usage: tcplab <command>"],
  [["scann", "localhost"], "did you mean scan?"],
  [["xylophone"], 'Unknown command "xylophone" (see'],
  [["--json"], "options stand behind the command"],
  [["scan", "localhost", "--allow-net=x"], "is a flag of deno run"],
  [["scan"], "Missing <host>"],
  [["scan", ""], "Expected a host name"],
  [["scan", "localhost", "0"], "Expected a port from 1 to 65535"],
  [["scan", "localhost", "70000"], '"70000"'],
  [["scan", "localhost", "abc"], '"abc"'],
  [["scan", "localhost", "10-5"], '"10-5"'],
  [["scan", "localhost", "--nope"], "Unknown option --nope"],
  [["scan", "localhost", "80", "90"], 'Unexpected argument "90"'],
  [["scan", "localhost", "--timeout", "0"], "for --timeout"],
  [["scan", "localhost", "--concurrency", "x"], "for --concurrency"],
  [["info", "localhost"], "Missing <port>"],
  [["daytime", "localhost", "0"], "Expected a port"],
  [["echo", "localhost", "65536"], "Expected a port"],
  [["server", "-1"], "Unknown option -1"],
  [["server", "70000"], "from 0 to 65535"],
  [["server", "0", "--host"], "Option --host needs a value"],
  [["client"], "Missing <host>"],
  [["test", "localhost", "http"], "Expected a port"],
  [["proxy", "0", "localhost"], "Missing <host-port>"],
  [["proxy", "0", "localhost", "7", "--up", "slice=0"], "slice=<bytes> from 1"],
  [
    ["proxy", "0", "localhost", "7", "--down", "gap=2"],
    "slice=<bytes>,gap=<ms>",
  ],
  [["proxy", "0", "localhost", "7", "--preset", "x"], "modem or bad-wifi"],
  [["demo", "chat", "now"], 'Unexpected argument "now"'],
];

for (const [args, says] of WRONG) {
  Deno.test(`tcplab ${args.join(" ")}: exit 2 and one clear line`, async () => {
    const { code, stdout, stderr } = await runScript([...MAIN, ...args]);
    assertEquals([code, stdout], [2, ""]);
    assertStringIncludes(stderr, says);
    // Without a command the answer is the help, with one it is one line.
    if (args.length > 0) assertMatch(stderr, /^[^\n]+\n$/);
  });
}

Deno.test("--help: stdout, exit 0, for the whole and for each command", async () => {
  for (const args of [["--help"], ["-h"], ["help"]]) {
    const { code, stdout, stderr } = await runScript([...MAIN, ...args]);
    assertEquals([code, stderr], [0, ""]);
    for (const { usage } of catalogue) assertStringIncludes(stdout, usage);
  }
  for (const { name, usage, file } of catalogue) {
    const viaMain = await runScript(["run", "main.ts", name, "--help"]);
    assertEquals([viaMain.code, viaMain.stderr], [0, ""], name);
    assertStringIncludes(viaMain.stdout, `Usage: tcplab ${usage}`);
    const script = await runScript(["run", file, "-h"]);
    assertEquals(script.stdout, viaMain.stdout, name);
  }
});

Deno.test("tcplab --version names both versions", async () => {
  const { code, stdout } = await runScript([...MAIN, "--version"]);
  assertEquals(code, 0);
  assertMatch(stdout, /^tcplab \d+\.\d+\.\d+ \(deno \d+\.\d+\.\d+\)\n$/);
});

Deno.test("each failure is its own sentence with a next step, exit 1", async () => {
  using held = await closedPort();
  const closed = held.port;
  await using mute = await faultServer(silent());
  const cases: [flags: string[], args: string[], says: string][] = [
    [NET, ["test", "127.0.0.1", `${closed}`], "connection refused): check"],
    [NET, ["client", "127.0.0.1", `${closed}`], "connection refused): check"],
    [
      NET,
      ["daytime", "127.0.0.1", `${mute.port}`, "--timeout", "200"],
      "took longer than 200 ms (timed out)",
    ],
    [
      NET,
      ["client", "127.0.0.1", `${mute.port}`, "--timeout", "200"],
      "said nothing for 200 ms (timed out)",
    ],
    [NET, ["server", `${mute.port}`], `Port ${mute.port} is already taken`],
    [
      ["run", "--no-prompt", "--allow-net=nobody.invalid"],
      ["scan", "nobody.invalid"],
      'Unknown host "nobody.invalid"',
    ],
  ];
  for (const [flags, args, says] of cases) {
    const result = await runScript([...flags, "main.ts", ...args]);
    assertEquals([result.code, result.stdout], [1, ""], args.join(" "));
    assertMatch(result.stderr, /^[^\n]+\n$/);
    assertStringIncludes(result.stderr, says);
  }
});

Deno.test("without a permission the sentence names the exact flag", async () => {
  const cases: [args: string[], flag: string][] = [
    [["scan", "127.0.0.1", "80"], "--allow-net=127.0.0.1:80"],
    [["scan", "127.0.0.1", "80-90"], "--allow-net=127.0.0.1"],
    [["demo"], "--allow-net=127.0.0.1"],
    [["scan", "localhost", "80"], "--allow-net=localhost"],
    [["info", "localhost", "80"], "--allow-net=localhost:80"],
    [["info", "::1", "80"], '"--allow-net=[::1]:80"'],
    [["daytime", "localhost"], "--allow-net=localhost:13"],
    [["echo", "localhost"], "--allow-net=localhost:7"],
    [["client", "localhost"], "--allow-net=localhost:8000"],
    [["test", "127.0.0.1", "80"], "--allow-net=127.0.0.1:80"],
    [["server"], "--allow-net=127.0.0.1:8000"],
    [["daytimeserver", "--host", "0.0.0.0"], "--allow-net=0.0.0.0:1313"],
    [["echoserver"], "--allow-net=127.0.0.1:7007"],
    [["samples", "nowhere"], "--allow-write=nowhere"],
  ];
  for (const [args, flag] of cases) {
    const flags = ["run", "--no-prompt", "main.ts"];
    const { code, stderr } = await runScript([...flags, ...args]);
    assertEquals(code, 1, args.join(" "));
    assertMatch(stderr, /^[^\n]+\n$/);
    assert(stderr.trimEnd().endsWith(` ${flag}`), stderr);
  }
});

for (const { name, file } of catalogue) {
  if (name === "menu") continue; // It needs a terminal: see menu_test.ts.
  Deno.test(`the commands in the header of ${file} work as they are written`, async () => {
    const commands = await headerCommands(file);
    assert(commands.length > 0, "there is no command");
    assert(commands.some((words) => words.includes(file)), "not its own");
    // Only the ports are other ones: the documented may be taken here.
    const portOf = (words: string[]) =>
      /:(\d+)/.exec(words.join(" "))?.[1] ?? "none";
    const ports = new Map<string, number>();
    using folder = new TempFolder();
    if (commands.flat().includes("--tls")) {
      await Array.fromAsync(createCertificates(folder.path));
    }
    const onOurPorts = (words: string[]) =>
      [...ports].reduce(
        (words, [documented, port]) =>
          words.map((word) => word.replaceAll(documented, `${port}`)),
        words.map((word) => word.replace("certificates", folder.path)),
      );
    if (commands.length === 1) {
      if (/^(samples|certificate|users|web)$/.test(name)) return; // They have tests.
      const { code, stderr } = await runScript(commands[0]!);
      assertEquals(code, 0, stderr);
      return;
    }
    await using servers = new AsyncDisposableStack();
    let server!: ServerScript;
    for (const words of commands.slice(0, -1)) {
      const documented = portOf(words);
      ports.set(documented, 0);
      server = servers.use(await ServerScript.start(onOurPorts(words)));
      ports.set(documented, server.port);
    }
    const { code, stdout, stderr } = await runScript(
      onOurPorts(commands.at(-1)!),
      { input: "hello\n" },
    );
    assertEquals(code, 0, stderr);
    assert(stdout.length > 0, "it printed nothing");
    const peer = String.raw`127\.0\.0\.1:\d+`;
    await server.logged(RegExp(`^\\S+ (connect|join) ${peer}`));
    await server.logged(
      RegExp(`^\\S+ (disconnect|leave) ${peer} .*reason=(closed|quit)$`),
    );
    assertEquals((await server.stop()).code, 0);
  });
}

Deno.test("--json prints one JSON object per line, and nothing else", async () => {
  await using server = await ServerScript.start([
    ...MAIN,
    "daytimeserver",
    "0",
  ]);
  const { port } = server;
  const json = async (...args: string[]) => {
    const { code, stdout } = await runScript([...MAIN, ...args, "--json"]);
    assertEquals(code, 0);
    return stdout.trimEnd().split("\n").map((line) => JSON.parse(line));
  };
  using held = await closedPort();
  const closed = held.port;
  const ports = `${port},${closed}`;
  const patient = ["--timeout", "60000"];
  const [open] = await json("scan", "127.0.0.1", ports, ...patient);
  assertEquals(
    [open.host, open.port, open.state],
    ["127.0.0.1", port, "open"],
  );
  const all = await json("scan", "127.0.0.1", ports, "--all", ...patient);
  assertEquals(all.length, 2);
  assertEquals(
    all.find(({ port }: { port: number }) => port === closed).state,
    "closed",
  );
  const [info] = await json("info", "127.0.0.1", `${port}`);
  assertEquals(info.remote, { hostname: "127.0.0.1", port });
  assertEquals([info.family, info.type], ["IPv4", "stream"]);
  const [daytime] = await json("daytime", "127.0.0.1", `${port}`);
  assertEquals(daytime.format, "rfc867");
  assertEquals(new Date(daytime.date).toISOString(), daytime.date);
  const [test] = await json("test", "127.0.0.1", `${port}`);
  assertEquals([test.answers, test.port, test.ms > 0], [true, port, true]);
  const steps = await json("demo");
  assert(steps.every(({ ok }: { ok: boolean }) => ok));
});

Deno.test("echo: every line from a pipe comes back, the last without line end too", async () => {
  await using server = await ServerScript.start([...MAIN, "echoserver", "0"]);
  const args = [...MAIN, "echo", "127.0.0.1", `${server.port}`];
  const { code, stdout, stderr } = await runScript(args, {
    input: "one\n\nñ\nlast",
  });
  assertEquals([code, stdout], [0, "one\n\nñ\nlast\n"]);
  assertEquals(stderr.match(/^identical, \d+ bytes/gm)?.length, 4);
});

Deno.test("echo --raw passes bytes as they are, and more than the kernel holds", async () => {
  await using server = await ServerScript.start([...MAIN, "echoserver", "0"]);
  const args = [...MAIN, "echo", "127.0.0.1", `${server.port}`, "--raw"];
  const client = startClient(args);
  const block = crypto.getRandomValues(new Uint8Array(65536));
  const writer = client.stdin.getWriter();
  const feeding = (async () => {
    for (let i = 0; i < 256; i++) await writer.write(block);
    await writer.close();
  })();
  let received = 0;
  for await (const chunk of client.stdout) {
    for (let i = 0; i < chunk.length; i += 4096) {
      assertEquals(chunk[i], block[(received + i) % block.length]);
    }
    received += chunk.length;
  }
  await feeding;
  assertEquals(received, 256 * 65536);
  const { code } = await client.status;
  await client.stderr.cancel();
  assertEquals(code, 0);
});

Deno.test("a client ends when nobody reads its output any more", async () => {
  await using server = await faultServer(async (socket) => {
    const lines = new TextEncoder().encode("line\n".repeat(1000));
    while (!socket.destroyed) {
      await new Promise((resolve) => socket.write(lines, resolve));
    }
  });
  const args = [...MAIN, "client", "127.0.0.1", `${server.port}`];
  const client = startClient(args);
  await client.stdin.close();
  const reader = client.stdout.getReader();
  await reader.read();
  await reader.cancel(); // As `| head -1` does.
  const stderr = await new Response(client.stderr).text();
  assertEquals([(await client.status).code, stderr], [1, ""]);
});

Deno.test({
  name: "a client whose output nobody takes still hears Ctrl-C",
  ignore: Deno.build.os === "windows", // There a signal kills.
  fn: async () => {
    await using server = await faultServer((socket) => {
      socket.write("line\n".repeat(1_000_000));
    });
    const args = [...MAIN, "client", "127.0.0.1", `${server.port}`];
    const client = startClient(args);
    await client.stdin.close();
    const reader = client.stdout.getReader();
    // It prints, and soon has filled the pipe again, like that of a pager.
    assert((await reader.read()).value !== undefined);
    client.kill("SIGINT");
    assertEquals((await client.status).code, 130);
    await reader.cancel();
    await client.stderr.cancel();
  },
});

Deno.test({
  name: "help that nobody reads is no error to tell of",
  ignore: Deno.build.os === "windows", // There is no sh.
  fn: async () => {
    for (const words of [["--help"], ["scan", "--help"], ["version"]]) {
      // It begins when its stdout is closed, and no earlier.
      const wait = ["-c", 'read -r _; exec "$0" "$@"', Deno.execPath()];
      const client = startClient([...wait, ...MAIN, ...words], "sh");
      await client.stdout.cancel();
      const writer = client.stdin.getWriter();
      await writer.write(new TextEncoder().encode("\n"));
      await writer.close();
      const stderr = await new Response(client.stderr).text();
      assertEquals([(await client.status).code, stderr], [1, ""]);
    }
  },
});

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  Deno.test({
    name: `a server told to stop by ${signal} ends in order, exit 0`,
    ignore: Deno.build.os === "windows", // There a signal kills.
    fn: async () => {
      await using server = await ServerScript.start([
        ...MAIN,
        "echoserver",
        "0",
      ]);
      using conn = await connectTo(server.port);
      await writeAll(conn, new TextEncoder().encode("x"));
      await conn.read(new Uint8Array(1));
      const { code, stderr } = await server.stop(signal);
      assertEquals(code, 0);
      assertMatch(stderr, /disconnect \S+ .*reason=shutdown\n$/);
      assertEquals(await conn.read(new Uint8Array(1)), null);
    },
  });
}

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  Deno.test({
    name:
      `one ${signal} that arrives twice, as under deno task, still ends in order`,
    ignore: Deno.build.os === "windows", // There a signal kills.
    fn: async () => {
      const child = startClient(["run", "tests/support/slow_stop.ts"]);
      const lines = linesOf(child.stdout);
      assertEquals((await lines.read()).value, "started");
      child.kill(signal);
      assertEquals((await lines.read()).value, "stopping");
      child.kill(signal);
      const writer = child.stdin.getWriter();
      await writer.write(new Uint8Array(1)).catch(() => {});
      await writer.close().catch(() => {});
      await lines.cancel();
      await child.stderr.cancel();
      assertEquals((await child.status).code, 0);
    },
  });
}

Deno.test({
  name: "a client that is interrupted exits 130 and says nothing",
  ignore: Deno.build.os === "windows", // There a signal kills.
  fn: async () => {
    const connected = Promise.withResolvers<void>();
    await using mute = await faultServer(() => connected.resolve());
    const client = startClient([
      ...MAIN,
      "client",
      "127.0.0.1",
      `${mute.port}`,
    ]);
    await connected.promise;
    client.kill("SIGINT");
    await client.stdin.close();
    const { code, stdout, stderr } = await client.output();
    assertEquals([code, stdout.length, stderr.length], [130, 0, 0]);
  },
});

Deno.test({
  name: "a scan that is interrupted prints what it knows, exit 130",
  ignore: Deno.build.os !== "linux", // Needs a filtered port.
  fn: async () => {
    using filtered = await filteredPort();
    using open = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const scan = startClient([
      ...[...MAIN, "scan", "127.0.0.1"],
      `${Math.min(open.addr.port, filtered.port)},${
        Math.max(open.addr.port, filtered.port)
      }`,
      ...["--timeout", "60000"],
    ]);
    // Once it has closed its connection to the open port, it knows of it.
    using conn = await open.accept();
    assertEquals(await conn.read(new Uint8Array(1)), null);
    scan.kill("SIGINT");
    await scan.stdin.close();
    const { code, stdout, stderr } = await scan.output();
    assertEquals(code, 130);
    assertMatch(
      new TextDecoder().decode(stdout),
      new RegExp(`^ *${open.addr.port}  open `),
    );
    assertStringIncludes(
      new TextDecoder().decode(stderr),
      "stopped with 1 port not tried",
    );
  },
});

Deno.test({
  name: "with ulimit -n 64 a server serves 200 clients, as places become free",
  ignore: Deno.build.os === "windows", // There is no ulimit.
  fn: async () => {
    const words = [Deno.execPath(), ...MAIN, "echoserver", "0", "--quiet"];
    await using server = await ServerScript.start(
      ["-c", 'ulimit -n 64; exec "$@"', "bash", ...words],
      "bash",
    );
    const conns = await Promise.all(
      Array.from({ length: 200 }, () => connectTo(server.port)),
    );
    await Promise.all(conns.map(async (conn, i) => {
      const sent = new TextEncoder().encode(`client ${i}`);
      await writeAll(conn, sent);
      const received = new Uint8Array(sent.length);
      assertEquals(await conn.read(received), sent.length);
      assertEquals(received, sent);
      conn.close(); // Its place is free for one that waits.
    }));
    assertEquals((await server.stop()).code, 0);
  },
});

Deno.test("a server takes 5,000 connections one after another, and serves on", async () => {
  await using server = await ServerScript.start([
    ...MAIN,
    ...["daytimeserver", "0", "--quiet"],
  ]);
  let left = 5000;
  await Promise.all(Array.from({ length: 50 }, async () => {
    const buffer = new Uint8Array(64);
    while (left-- > 0) {
      using conn = await connectTo(server.port);
      assertEquals((await conn.read(buffer) ?? 0) > 20, true);
    }
  }));
  const args = ["daytime", "127.0.0.1", `${server.port}`];
  assertEquals((await runScript([...MAIN, ...args])).code, 0);
});

Deno.test({
  name: "a server listens on ::1 when it is told to, and says so in brackets",
  ignore: !HAS_IPV6, // This machine has no ::1.
  fn: async () => {
    const flags = ["run", "--no-prompt", "--allow-net=[::1]", "main.ts"];
    await using server = await ServerScript.start([
      ...flags,
      ...["server", "0", "--host", "::1"],
    ]);
    assertEquals(server.hostname, "::1");
    const args = ["client", "::1", `${server.port}`];
    assertEquals((await runScript([...flags, ...args])).code, 0);
  },
});

Deno.test("servers bind 127.0.0.1 unless they are told otherwise", async () => {
  for (const name of ["server", "daytimeserver", "echoserver"]) {
    await using server = await ServerScript.start([...MAIN, name, "0"]);
    assertEquals(server.hostname, "127.0.0.1");
  }
});

Deno.test("what is no terminal gets no colour and no progress", async () => {
  for (const args of [["demo"], ["scan", "127.0.0.1", "1-100"], ["--help"]]) {
    const { stdout, stderr } = await runScript([...MAIN, ...args], {
      env: { NO_COLOR: "" },
    });
    assertEquals((stdout + stderr).includes("\x1b"), false, args.join(" "));
  }
});

Deno.test("demo tells each exchange, and checks it", async () => {
  const { code, stdout, stderr } = await runScript([...MAIN, "demo"]);
  assertEquals([code, stderr], [0, ""]);
  assertStringIncludes(stdout, '-> "hello\\r\\n" (7 bytes)');
  assertStringIncludes(stdout, '<- "hello\\r\\n" (7 bytes)');
  assertMatch(stdout, /All \d+ checks passed\.\n$/);
});
