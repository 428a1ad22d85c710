/** The diagnostics: each check when all is well and when it is not; the report. */
import {
  assert,
  assertEquals,
  assertMatch,
  assertRejects,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { UsageError } from "../exercises/cli/outcome.ts";
import { commands } from "../exercises/catalogue.ts";
import { formatFinding } from "../exercises/tools/diagnostics.ts";
import {
  type Check,
  type Finding,
  flagsFor,
  net,
  type Permission,
  runCheck,
} from "../exercises/tools/diagnostics/finding.ts";
import {
  freePort as freePortCheck,
  hostCheck,
  ipv4Loopback,
  ipv6Loopback,
  knownName,
  localAddresses,
  localhost,
  networkChecks,
} from "../exercises/tools/diagnostics/checks.ts";
import {
  closedPort,
  filteredPort,
  HAS_IPV6,
  ownHost,
} from "./support/network.ts";
import { linesOf, ROOT, runScript, startClient } from "./support/script.ts";

const RUN = ["run", "--no-prompt"];
const SCRIPT = "exercises/tools/diagnostics.ts";

/** Runs a check with all that it needs, or it would be skipped. */
function find(
  { needs: _, ...check }: Check,
  timeoutMs = 60_000,
): Promise<Finding> {
  return runCheck(check, { timeoutMs });
}

const FLAGS: [permissions: Permission[], flags: string][] = [
  [[], ""],
  [[net("localhost")], "--allow-net=localhost"],
  [[net("a:1"), net("b:2"), net("a:1")], "--allow-net=a:1,b:2"],
  [[net("a:1"), net("a"), net("b:2")], "--allow-net=a,b:2"],
  [[net("[::1]:80")], '"--allow-net=[::1]:80"'],
  [[net("[::1]:80"), net("[::1]")], '"--allow-net=[::1]"'],
  [
    [net("a"), { name: "sys", kind: "networkInterfaces" }, net("b")],
    "--allow-net=a,b --allow-sys=networkInterfaces",
  ],
];

for (const [permissions, flags] of FLAGS) {
  Deno.test(`flagsFor() writes ${flags || "nothing"}`, () => {
    assertEquals(flagsFor(permissions), flags);
  });
}

function failing(error: unknown, otherwise: Check["otherwise"] = "failure") {
  const run = () => Promise.reject(error);
  return { name: "it", otherwise, run };
}

Deno.test("runCheck() gives what was found, or the error's sentence in two parts", async () => {
  assertEquals(
    await find({ ...failing(null), run: () => "all is well" }),
    { check: "it", status: "ok", detail: "all is well" },
  );
  assertEquals(
    await find({
      ...failing(null),
      run: () => ({ what: "It (a: b) is bad", next: "mend it" }),
    }),
    {
      check: "it",
      status: "failure",
      detail: "It (a: b) is bad",
      todo: "mend it",
    },
  );
  assertEquals(
    await find(failing(new TypeError("odd"), "warning")),
    { check: "it", status: "warning", detail: "TypeError: odd" },
  );
});

Deno.test("runCheck() skips what Deno does not allow, and names the flag", async () => {
  const check = { ...failing(null), needs: net("outside.invalid:80") };
  assertEquals(await runCheck(check, { timeoutMs: 60_000 }), {
    check: "it",
    status: "skipped",
    detail: "not checked",
    todo: "add --allow-net=outside.invalid:80",
  });
  // A wider permission can still have a hole (--deny-net).
  const denied = new Deno.errors.NotCapable('Requires net access to "a:1"');
  const finding = await find(failing(denied));
  assertEquals(
    [finding.status, finding.todo],
    ["skipped", "add --allow-net=a:1"],
  );
});

Deno.test("runCheck() throws only when it is interrupted", async () => {
  const stop = new AbortController();
  const options = { timeoutMs: 60_000, signal: stop.signal };
  const run = () => {
    stop.abort(new DOMException("Interrupted", "AbortError"));
    throw new Error("whatever comes of it");
  };
  const check = { ...failing(null), run };
  await assertRejects(() => runCheck(check, options), DOMException);
});

function interfaces(...addresses: string[]): typeof Deno.networkInterfaces {
  return () =>
    addresses.map((address, i) => ({
      name: `net${i}`,
      address,
      family: address.includes(":") ? "IPv6" : "IPv4",
      netmask: "",
      scopeid: null,
      cidr: "",
      mac: "",
    }));
}

const ADDRESSES: [addresses: string[], status: string, says: string][] = [
  [["127.0.0.1", "192.0.2.7"], "ok", "127.0.0.1 (net0), 192.0.2.7 (net1)"],
  [["192.0.2.7", "fe80::1"], "ok", "192.0.2.7 (net0)"],
  [["127.0.0.1", "::1", "fe80::1"], "warning", "no address but 127.0.0.1"],
  [[], "warning", "This machine has no address"],
];

for (const [addresses, status, says] of ADDRESSES) {
  Deno.test(`local addresses [${addresses}]: ${status}`, async () => {
    const finding = await find(localAddresses(interfaces(...addresses)));
    assertEquals(finding.status, status);
    assertStringIncludes(finding.detail, says);
    assertEquals(/fe80|none/.test(finding.detail), false);
    assertEquals(finding.todo !== undefined, status === "warning");
  });
}

Deno.test("name resolution: localhost is this machine, or a failure", async () => {
  assertEquals((await find(localhost())).status, "ok");
  const elsewhere = await find(
    localhost(() => Promise.resolve(["127.0.0.1", "192.0.2.7"])),
  );
  assertEquals(elsewhere.status, "failure");
  assertStringIncludes(elsewhere.detail, "192.0.2.7, not this machine");
  assertStringIncludes(elsewhere.todo!, "file of hosts");
});

Deno.test("a name that nobody knows is a failure, and so is a resolver that is silent", async () => {
  const unknown = await find(
    knownName(
      "lab.test",
      () => Promise.reject(new Error("getaddrinfo ENOTFOUND lab.test")),
    ),
  );
  assertEquals(
    [unknown.status, unknown.detail],
    ["failure", 'Unknown host "lab.test"'],
  );
  const silent = await find(
    knownName("lab.test", (_host, signal) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener("abort", () => reject(signal.reason));
      })),
    5,
  );
  assertEquals(silent.status, "failure");
  assertStringIncludes(silent.detail, "took longer than 5 ms");
  assertStringIncludes(silent.todo!, "--timeout");
});

Deno.test("loopback: a line goes to a server and comes back", async () => {
  const { status, detail } = await find(ipv4Loopback);
  assertEquals(status, "ok", detail);
  assertMatch(
    detail,
    /^127\.0\.0\.1 listens, connects and echoes in [\d.]+ ms$/,
  );
});

Deno.test({
  name: "IPv6 loopback: the same on ::1",
  ignore: !HAS_IPV6, // This machine has no ::1.
  fn: async () => assertEquals((await find(ipv6Loopback)).status, "ok"),
});

Deno.test("a machine without IPv6 gets a warning", async () => {
  const { needs: _, ...check } = ipv6Loopback;
  const error = new Error("(os error 97)");
  // Where there is none it does not come as far as to connect.
  const connect = () =>
    Promise.reject(Object.assign(error, { code: "EAFNOSUPPORT" }));
  const finding = await runCheck(check, { timeoutMs: 60_000, connect });
  assertEquals(finding.status, "warning");
  assertMatch(finding.detail, /^IPv6 does not work here \(.*::1.*\)$/);
  assertEquals(finding.todo, "use 127.0.0.1 in place of ::1");
});

Deno.test("a lab port is free, or a warning says what to do", async () => {
  const hostname = ownHost();
  const listener = Deno.listen({ hostname, port: 0 });
  const { port } = listener.addr;
  const check = freePortCheck(hostname, port, "server");
  const taken = await find(check);
  assertEquals(
    [taken.status, taken.detail],
    ["warning", `Port ${port} is already taken`],
  );
  assertStringIncludes(taken.todo!, "choose another");
  listener.close();
  // Twice: the first look must leave it free.
  for (const { status, detail } of [await find(check), await find(check)]) {
    assertEquals([status, detail], ["ok", "free for server"]);
  }
});

Deno.test("the lab ports are the default ports of all servers", () => {
  // A proxy has none: it stands wherever it is put.
  const ports = Object.values(commands).flatMap((command) =>
    "listens" in command && command.name !== "proxy"
      ? [`port ${command.arguments.port.default}`]
      : []
  );
  assert(ports.includes("port 8000"));
  const checked = networkChecks().map(({ name }) => name)
    .filter((name) => name.startsWith("port "));
  assertEquals(checked, ports);
});

const HOSTS: [word: string, name: string, needs: string | null][] = [
  ["localhost", "localhost", "localhost"],
  ["localhost:80", "localhost:80", "localhost:80"],
  ["127.0.0.1:80", "127.0.0.1:80", "127.0.0.1:80"],
  ["[::1]:80", "[::1]:80", "[::1]:80"],
  ["127.0.0.1", "127.0.0.1", null],
  ["::1", "::1", null],
  ["[::1]", "::1", null],
];

for (const [word, name, needs] of HOSTS) {
  Deno.test(`hostCheck() understands ${word}`, () => {
    const check = hostCheck(word);
    assertEquals(check.name, name);
    assertEquals(check.needs, needs === null ? undefined : net(needs));
  });
}

for (const word of ["", ":80", "a:", "a:0", "a:x", "[::1]:", "a b", "a:1:x"]) {
  Deno.test(`hostCheck() refuses ${JSON.stringify(word)}`, () => {
    assertThrows(() => hostCheck(word), UsageError);
  });
}

Deno.test("host:port answers, or says why not; an address alone asks for a port", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const open = await find(hostCheck(`127.0.0.1:${listener.addr.port}`));
  assertEquals(open.status, "ok");
  assertMatch(open.detail, /^answers, connected in [\d.]+ ms$/);
  using port = await closedPort();
  const closed = await find(hostCheck(`127.0.0.1:${port.port}`));
  assertEquals(closed.status, "failure");
  assertStringIncludes(closed.detail, "connection refused");
  assertStringIncludes(closed.todo!, "start the server");
  const address = await find(hostCheck("::1"));
  assertEquals(address.status, "warning");
  assertStringIncludes(address.todo!, "[::1]:80");
});

Deno.test({
  name: "host:port that is silent is a failure, after the time that is given",
  ignore: Deno.build.os !== "linux", // Needs a filtered port.
  fn: async () => {
    using filtered = await filteredPort();
    const silent = await find(hostCheck(`127.0.0.1:${filtered.port}`), 50);
    assertEquals(silent.status, "failure");
    assertStringIncludes(silent.detail, "within 50 ms (timed out)");
  },
});

Deno.test("formatFinding() writes one line: status, check, what to do", () => {
  const finding = { check: "port 1", status: "ok", detail: "free" } as const;
  const plain = (finding: Finding) =>
    // deno-lint-ignore no-control-regex
    formatFinding(finding).replace(/\x1b\[\d+m/g, "");
  assertEquals(plain(finding), "ok       port 1           free");
  assertEquals(
    plain({ ...finding, status: "warning", detail: "taken", todo: "free it" }),
    "warning  port 1           taken: free it",
  );
});

Deno.test("without any permission all is skipped, exit 0; with the flags it names, nothing is", async () => {
  const { code, stdout, stderr } = await runScript([...RUN, SCRIPT]);
  assertEquals(code, 0);
  const [system, permissions, ...others] = stdout.trimEnd().split("\n");
  assertMatch(system!, /^ok +system +deno \d/);
  assertMatch(permissions!, /^ok +permissions +none$/);
  assert(others.length > 7);
  for (const line of others) {
    assertMatch(line, /^skipped .*not checked: add "?--allow-\w+=/);
  }
  const flags = /to check all, add (.*)\n$/.exec(stderr)?.[1];
  assert(flags !== undefined, stderr);
  const all = flags.replaceAll('"', "").split(" ");
  const again = await runScript([...RUN, ...all, SCRIPT]);
  assertEquals([again.code, again.stdout.includes("skipped")], [0, false]);
  assertMatch(again.stderr, /\d+ ok, .* 0 failures, 0 skipped\n$/);
});

Deno.test("the task lets every check run, and --json is one object a line", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const open = `127.0.0.1:${listener.addr.port}`;
  const args = ["task", "diagnostics", "--json", open, "localhost"];
  const { code, stdout } = await runScript(args);
  assertEquals(code, 0);
  const findings = stdout.trimEnd().split("\n")
    .map((line) => JSON.parse(line) as Finding);
  assertEquals(
    findings.map(({ check }) => check),
    networkChecks([open, "localhost"]).map(({ name }) => name),
  );
  const statuses = new Set(findings.map(({ status }) => status));
  assertEquals([statuses.has("failure"), statuses.has("skipped")], [
    false,
    false,
  ]);
  assertEquals(findings.at(-2)?.status, "ok");
});

Deno.test("a failure: exit 1; a word that is no host: exit 2", async () => {
  const flags = [...RUN, "--allow-net=127.0.0.1", "main.ts", "diagnostics"];
  using port = await closedPort();
  const closed = `127.0.0.1:${port.port}`;
  const { code, stdout, stderr } = await runScript([...flags, closed]);
  assertEquals(code, 1);
  assertStringIncludes(stdout, `\nfailure  ${closed}`);
  assertStringIncludes(stderr, " 1 failure, ");
  const wrong = await runScript([...flags, closed, "a:b"]);
  assertEquals([wrong.code, wrong.stdout], [2, ""]);
  assertMatch(wrong.stderr, /^diagnostics: Expected a port [^\n]+\n$/);
});

Deno.test("in a pipe there is no colour", async () => {
  const { stdout, stderr } = await runScript([...RUN, SCRIPT], {
    env: { NO_COLOR: "" },
  });
  assertEquals((stdout + stderr).includes("\x1b"), false);
});

Deno.test({
  name: "with ulimit -n 64 the report warns, and goes on",
  ignore: Deno.build.os === "windows", // There is no ulimit.
  fn: async () => {
    using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const open = `127.0.0.1:${listener.addr.port}`;
    const words = [Deno.execPath(), ...RUN, "--allow-net=127.0.0.1", SCRIPT];
    const { stdout } = await new Deno.Command("bash", {
      args: ["-c", 'ulimit -n 64; exec "$@"', "bash", ...words, open],
      cwd: ROOT,
    }).output();
    const report = new TextDecoder().decode(stdout);
    assertMatch(report, /^warning +open files +Only \d\d more .* raise/m);
    assertMatch(report, /^ok +IPv4 loopback/m);
    assertStringIncludes(report, `\nok       ${open}  answers`);
  },
});

Deno.test({
  name: "diagnostics that are interrupted exit 130",
  ignore: Deno.build.os !== "linux", // Needs a filtered port.
  fn: async () => {
    using filtered = await filteredPort();
    const child = startClient([
      ...[...RUN, "--allow-net=127.0.0.1", SCRIPT],
      ...[`127.0.0.1:${filtered.port}`, "--timeout", "60000"],
    ]);
    await child.stdin.close();
    const lines = linesOf(child.stdout);
    for (;;) {
      const { done, value } = await lines.read();
      assert(!done, "it ended before");
      if (value.includes("open files")) break;
    }
    child.kill("SIGINT");
    assertEquals((await child.status).code, 130);
    assertEquals((await lines.read()).done, true);
    assertEquals(await new Response(child.stderr).text(), "");
  },
});
