/** `check` as a person starts it: words in, lines and exit code out. */
import {
  assert,
  assertEquals,
  assertMatch,
  assertStringIncludes,
} from "@std/assert";
import { echoServer } from "../exercises/04_echo_server.ts";
import { main } from "../exercises/tools/check.ts";
import { filteredPort } from "./support/network.ts";
import { runScript } from "./support/script.ts";

const CHECK = "exercises/tools/check.ts";
const NET = ["run", "--no-prompt", "--allow-net=127.0.0.1,[::1]"];
const RUN = [...NET, "--allow-run", CHECK];

function program(role: string, name: string): string[] {
  return ["--", "python3", `tests/check/programs/${role}/${name}`, "{port}"];
}

const ECHO = program("echoserver", "right_threads.py");
const ONE_READ = program("echoserver", "one_recv.py");

const WRONG: [args: string[], says: string][] = [
  [[], "Missing <role>"],
  [["ekoserver"], "Expected echoserver or echo"],
  [["echoserver"], "Expected -- and the server's command, or host:port"],
  [["chat"], "Expected -- and the client's command, or --listen"],
  [["chat", "127.0.0.1:9000"], "Expected -- and the client's command"],
  [["chat", "--listen", "9000", "--", "x"], "one program to grade, got two"],
  [["echoserver", "127.0.0.1"], "Expected a port from 1 to 65535"],
  [["echoserver", "127.0.0.1:7", "x"], "a command goes behind --"],
  [["echoserver", "--only", "line-end", "--", "x"], "did you mean line-ends?"],
  [["echoserver", "--format", "xml", "--", "x"], "junit or tap or gradescope"],
];

for (const [args, says] of WRONG) {
  Deno.test(`check ${args.join(" ")}: exit 2 and one clear line`, async () => {
    const { code, stdout, stderr } = await runScript([...RUN, ...args]);
    assertEquals([code, stdout], [2, ""]);
    assertMatch(stderr, /^[^\n]+\n$/);
    assertStringIncludes(stderr, says);
  });
}

const NOTHING: [what: string, args: string[], says: string][] = [
  ["is not there", ["--", "no-such-program"], "no program no-such-program"],
  [
    "ends at once",
    ["--", "python3", "-c", "print('hello'); exit(4)"],
    "did not start (exit code 4)\n  | hello",
  ],
  [
    "never listens",
    ["--start-timeout", "300", "--", "python3", "-c", "input()"],
    "did not start (it runs",
  ],
];

for (const [what, args, says] of NOTHING) {
  Deno.test(`check of a program that ${what}: exit 3, and why`, async () => {
    const { code, stdout, stderr } = await runScript(
      [...RUN, "echoserver", "--lang", "en", ...args],
    );
    assertEquals([code, stdout], [3, ""]);
    assertStringIncludes(stderr, says);
  });
}

Deno.test("check without the permission to run a program names the flag", async () => {
  const { code, stderr } = await runScript(
    [...NET, CHECK, "echoserver", ...ECHO],
  );
  assertEquals(code, 3);
  assertStringIncludes(stderr, "add --allow-run=python3");
});

Deno.test("check of a server that does not run: exit 3, and not one point less", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  listener.close();
  const { code, stderr } = await runScript(
    [...NET, CHECK, "echoserver", `127.0.0.1:${port}`, "--lang", "en"],
  );
  assertEquals(code, 3);
  assertStringIncludes(stderr, "connection refused");
});

Deno.test("a failure fits a screen: what was sent, what came, the bug, because, and how to repeat it", async () => {
  const words = ["echoserver", "--seed", "g07", "--lang", "en", ...ONE_READ];
  const { code, stdout } = await runScript([...RUN, ...words], {
    env: { NO_COLOR: "1" },
  });
  assertEquals(code, 1);
  const [, ...failures] = stdout.split(/\n\n(?=FAIL)/);
  assert(failures.length > 1);
  for (const failure of failures) {
    const lines = failure.split("\n\n")[0]!.split("\n");
    const rows = lines.map(({ length }) => Math.ceil(length / 80));
    assert(rows.reduce((sum, rows) => sum + rows, 0) < 24, failure);
    // Only the command may be longer than a row.
    for (const line of lines.slice(0, -1)) assert(line.length <= 80, line);
  }
  assertMatch(failures[0]!, /-> "\w+\\n" \d+ bytes/);
  assertMatch(failures[0]!, /bug: one-read \(sure\)/);
  assertMatch(failures[0]!, /because second-line/);
  assertStringIncludes(
    failures[0]!,
    "again: tcplab check echoserver --seed g07 --only second-line -- python3 ",
  );
  assertMatch(
    stdout,
    /\n\d+ of \d+ points, seed g07\nbugs: one-read \(sure\)\n$/,
  );
});

Deno.test("check in Spanish, and in the language of the system", async () => {
  const only = ["echoserver", "--only", "second-line"];
  for (const given of [["--lang", "es"], []]) {
    const { stdout } = await runScript(
      [...RUN, ...only, ...given, ...ONE_READ],
      {
        env: { NO_COLOR: "1", LANG: "es_ES.UTF-8", LC_ALL: "es_ES.UTF-8" },
      },
    );
    assertMatch(stdout, /^MAL /m);
    assertMatch(stdout, /fallo: one-read \(seguro\)/);
  }
});

/** Runs it with `--json` and gives the objects. */
async function inJson(args: string[]): Promise<Record<string, unknown>[]> {
  const { stdout } = await runScript([
    ...RUN,
    args[0]!,
    "--json",
    ...args.slice(1),
  ]);
  return stdout.trim().split("\n").map((line) => JSON.parse(line));
}

Deno.test("check --json: a stage a line, then the result", async () => {
  const objects = await inJson(["echoserver", "--seed", "g07", ...ONE_READ]);
  const result = objects.pop()!;
  const stage = objects.find(({ stage }) => stage === "second-line")!;
  const { ms, hint, evidence, ...rest } = stage;
  assertEquals(rest, {
    type: "stage",
    role: "echoserver",
    stage: "second-line",
    status: "failed",
    points: 0,
    max: 2,
    bonus: false,
    bug: "one-read",
    confidence: "sure",
    symptom: rest.symptom,
  });
  assert(typeof ms === "number" && ms >= 0);
  assert(typeof hint === "string");
  const { at, expected, actual, end } = evidence as Record<string, unknown>;
  assertEquals([at, actual], [0, ""]);
  assertMatch(`${expected}`, /^([0-9a-f]{2})+$/);
  assertMatch(`${end}`, /^(fin|rst|open)$/);
  assertEquals([result.type, result.bugs], ["result", ["one-read"]]);
  assertEquals([result.seed, result.status], ["g07", "failed"]);
});

Deno.test("check with the same seed probes the same, with another one not", async () => {
  const probed = async (seed: string) => {
    const args = ["echoserver", "--seed", seed, "--only", "second-line"];
    const [stage] = await inJson([...args, ...ONE_READ]);
    // How the connection ended, FIN or RST, is a race of the program's own.
    return (stage!.evidence as { expected: string }).expected;
  };
  const first = await probed("g07");
  assertEquals(await probed("g07"), first);
  assert(await probed("g08") !== first);
});

Deno.test("check --points says nothing else", async () => {
  const args = ["echoserver", "--points", "--only", "second-line"];
  const { code, stdout } = await runScript([...RUN, ...args, ...ECHO]);
  assertEquals([code, stdout], [0, "2/2\n"]);
});

Deno.test("check --format junit is XML, with a case for each stage", async () => {
  const args = ["echoserver", "--format", "junit", ...ONE_READ];
  const { stdout } = await runScript([...RUN, ...args]);
  const count = [
    "import sys, xml.etree.ElementTree as tree",
    "suite = tree.fromstring(sys.stdin.buffer.read()).find('testsuite')",
    "cases = suite.findall('testcase')",
    "failed = [case for case in cases if case.find('failure') is not None]",
    "print(suite.get('tests') == str(len(cases)), len(failed) > 1)",
    "print(suite.get('failures') == str(len(failed)))",
  ].join("\n");
  const python = new Deno.Command("python3", {
    args: ["-c", count],
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  await new Response(stdout).body!.pipeTo(python.stdin);
  const { stdout: said, stderr } = await python.output();
  const decoder = new TextDecoder();
  assertEquals(
    decoder.decode(said),
    "True True\nTrue\n",
    decoder.decode(stderr),
  );
});

Deno.test("check --format tap is TAP 13: a plan, and a point for each stage", async () => {
  const args = ["echoserver", "--format", "tap", ...ONE_READ];
  const { stdout } = await runScript([...RUN, ...args]);
  const [version, plan, ...lines] = stdout.trimEnd().split("\n");
  assertEquals(version, "TAP version 13");
  const points = lines.filter((line) => /^(not )?ok \d+ - /.test(line));
  assertEquals(plan, `1..${points.length}`);
  points.forEach((point, i) => assertMatch(point, RegExp(`ok ${i + 1} - `)));
  assert(points.some((point) => point.startsWith("not ok")));
  for (const line of lines) {
    assertMatch(
      line,
      /^(not ok|ok| {2}---$| {2}bug: "| {2}message: "| {2}\.\.\.$)/,
    );
  }
});

Deno.test("check --format gradescope is what its autograder reads", async () => {
  const args = ["echoserver", "--format", "gradescope", ...ONE_READ];
  const { stdout } = await runScript([...RUN, ...args]);
  const { score, output, tests } = JSON.parse(stdout);
  let sum = 0;
  for (const test of tests) {
    sum += test.score;
    assert(test.score <= test.max_score, test.name);
    assertMatch(test.status, /^(passed|failed)$/);
    assertEquals([typeof test.name, typeof test.output], ["string", "string"]);
  }
  assertEquals(score, sum);
  assertStringIncludes(output, "bugs: one-read");
});

Deno.test("check --diagram draws the exchange that failed", async () => {
  const file = await Deno.makeTempFile({ suffix: ".txt" });
  const args = ["echoserver", "--only", "second-line", "--diagram", file];
  const rights = ["--allow-read", "--allow-write"];
  await runScript([
    ...NET,
    ...rights,
    "--allow-run",
    CHECK,
    ...args,
    ...ONE_READ,
  ]);
  const drawn = await Deno.readTextFile(file);
  await Deno.remove(file);
  assertStringIncludes(drawn, "1 connection");
  assertMatch(drawn, /bytes/);
});

Deno.test("check of a server that runs already needs no --allow-run", async () => {
  await using server = echoServer(0);
  const place = `127.0.0.1:${server.addr.port}`;
  const { code, stdout } = await runScript(
    [...NET, CHECK, "echoserver", place, "--json"],
  );
  const stages = stdout.trim().split("\n").map((line) => JSON.parse(line));
  const skipped = stages.filter(({ status }) => status === "skipped")
    .map(({ stage }) => stage);
  assertEquals(code, 0, stdout);
  assertEquals(skipped, ["listens", "few-descriptors", "restart", "tls"]);
});

/** Grades a client that `play` plays when it is told to start it. */
async function byHand(
  stage: string,
  play: (conn: Deno.TcpConn) => Promise<void>,
): Promise<number> {
  const { signal } = new AbortController();
  const clients: Promise<void>[] = [];
  const listen = () => {
    const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const { hostname, port } = listener.addr;
    clients.push(
      Deno.connect({ hostname, port }).then(async (conn) => {
        using _ = conn;
        await play(conn);
      }),
    );
    return listener;
  };
  const args = ["chat", "--listen", "9000", "--only", stage, "--points"];
  const code = await main(args, { signal, listen });
  await Promise.all(clients);
  return code;
}

Deno.test("check --listen grades who comes by its connection, and no more", async () => {
  const toTheEnd = async (conn: Deno.TcpConn) => {
    await new Response(conn.readable).bytes();
  };
  assertEquals(await byHand("server-ends", toTheEnd), 0);
  // What it shows is not seen: nothing can be said.
  assertEquals(await byHand("glued-lines", toTheEnd), 3);
});

Deno.test("check blames no slow program for a port that is somebody else's", async () => {
  using other = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const slow = [
    "import time",
    // It names a port on which somebody listens, before its own is there.
    `print(${other.addr.port})`,
    "time.sleep(1.5)",
    "exec(open('tests/check/programs/echoserver/right_threads.py').read())",
  ].join("\n");
  const { code, stdout, stderr } = await runScript([
    ...[...RUN, "echoserver", "--points", "--only", "second-line"],
    ...["--", "python3", "-c", slow, "{port}"],
  ]);
  assertEquals([code, stdout], [0, "2/2\n"], stderr);
});

Deno.test("check passes on nothing that drives a terminal, and no endless line", async () => {
  const loud = "print('\\x1b[2J' + 'x' * 100_000, flush=True); exit(1)";
  const { code, stderr } = await runScript(
    [...RUN, "echoserver", "--", "python3", "-c", loud],
  );
  assertEquals(code, 3);
  assertStringIncludes(stderr, "\\x1b[2Jxxx");
  assert(stderr.length < 2000, `${stderr.length} characters`);
});

Deno.test("check of a server that never answers a connect: exit 3, and why", async () => {
  using silent = await filteredPort();
  const { code, stderr } = await runScript([
    ...[...NET, CHECK, "echoserver", `127.0.0.1:${silent.port}`],
    ...["--start-timeout", "200"],
  ]);
  assertEquals(code, 3);
  assertStringIncludes(stderr, `No answer from 127.0.0.1:${silent.port}`);
});

Deno.test("check ends at Ctrl-C though a program does not, and leaves none of them", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  // Tells us that it is there, and waits for ever.
  const program = [
    "import socket, sys",
    `ours = socket.create_connection(("127.0.0.1", ${listener.addr.port}))`,
    'theirs = socket.create_connection(("127.0.0.1", int(sys.argv[1])))',
    "ours.recv(1)",
  ].join("\n");
  const stop = new AbortController();
  const words = [
    "client",
    "--points",
    "--",
    "python3",
    "-c",
    program,
    "{port}",
  ];
  const checking = main(words, { signal: stop.signal });
  // One of the first stage, and those of the slow ones.
  const there: Deno.Conn[] = [];
  while (there.length < 3) there.push(await listener.accept());
  stop.abort(new DOMException("Interrupted", "AbortError"));
  assertEquals(await checking, 130);
  for (const conn of there) {
    assertEquals(await conn.read(new Uint8Array(1)).catch(() => null), null);
    conn.close();
  }
});

Deno.test("in every format a program that cannot be reached has all points to lose", async () => {
  // Another port than it was told, and it says which.
  const elsewhere = [
    "import socket, sys",
    's = socket.create_server(("127.0.0.1", 0))',
    "print(s.getsockname()[1])",
    "while True: s.accept()",
  ].join("\n");
  const inFormat = async (...format: string[]) => {
    const { stdout } = await runScript([
      ...[...RUN, "echoserver", ...format],
      ...["--", "python3", "-c", elsewhere, "{port}"],
    ]);
    return stdout;
  };
  const [, max] = (await inFormat("--points")).trim().split("/");
  const { tests } = JSON.parse(await inFormat("--format", "gradescope"));
  const sum = tests.reduce(
    (sum: number, test: { max_score: number }) => sum + test.max_score,
    0,
  );
  assertEquals([Number(max) > 20, sum], [true, Number(max)]);
});
