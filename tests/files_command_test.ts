/** `files` as a person runs it: words in, files, lines and exit code out. */
import {
  assert,
  assertEquals,
  assertMatch,
  assertStringIncludes,
} from "@std/assert";
import { createHash } from "node:crypto";
import { fileServer } from "../exercises/08_file_server.ts";
import { plainServer, type Talk } from "./support/plain_files.ts";
import {
  ROOT,
  runScript,
  ServerScript,
  startClient,
} from "./support/script.ts";
import { TempFolder, testBytes } from "./support/temp_folder.ts";
import { HAS_TERMINAL, OnTerminal } from "./support/terminal.ts";

const UNIX = Deno.build.os !== "windows";
const MIB = 1024 * 1024;
const RUN = ["run", "--no-prompt", "--allow-net=127.0.0.1"];
const SCRIPT = "exercises/08_file_client.ts";

/** `files 127.0.0.1 <port> <words>`, which may use `out` and nothing else. */
function command(out: TempFolder, port: number, ...words: string[]): string[] {
  const files = [`--allow-read=${out.path}`, `--allow-write=${out.path}`];
  return [...RUN, ...files, SCRIPT, "127.0.0.1", `${port}`, ...words];
}

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

const FILES = {
  "año nuevo ñ.txt": "¡feliz!\n",
  "b.bin": testBytes(2000),
  "c.txt": "",
};

Deno.test("list: a table on stdout, the sum on stderr; --json: one object a line", async () => {
  using folder = new TempFolder(FILES);
  using out = new TempFolder();
  await using server = fileServer(0, { dir: folder.path });
  const list = command(out, server.addr.port, "list");
  assertEquals(await runScript(list), {
    code: 0,
    stdout: "Size  Name\n 9 B  año nuevo ñ.txt\n2 kB  b.bin\n 0 B  c.txt\n",
    stderr: "3 files, 2.01 kB\n",
  });
  const { code, stdout, stderr } = await runScript([...list, "--json"]);
  assertEquals([code, stderr], [0, ""]);
  assertEquals(stdout.trimEnd().split("\n").map((line) => JSON.parse(line)), [
    { name: "año nuevo ñ.txt", size: 9 },
    { name: "b.bin", size: 2000 },
    { name: "c.txt", size: 0 },
  ]);
});

Deno.test("list shows what a server sends as text, and never as commands", async () => {
  using out = new TempFolder();
  await using server = await plainServer({}, {
    LIST: (_, { send }) => send("FILES 1\r\n\x1b[2Jevil\u202e.txt 5\r\n"),
  });
  const { code, stdout } = await runScript(command(out, server.port, "list"));
  assertEquals(code, 0);
  assertStringIncludes(stdout, "5 B  \\x1b[2Jevil\\u202e.txt\n");
});

Deno.test("get: many files, a line for each; those that fail do not stop the rest", async () => {
  using folder = new TempFolder(FILES);
  using out = new TempFolder({ "c.txt": "mine" });
  await using server = fileServer(0, { dir: folder.path });
  const names = ["año nuevo ñ.txt", "nope", "../x", "c.txt", "b.bin"];
  const get = command(out, server.addr.port, "get", ...names);
  const result = await runScript([...get, "--output", out.path]);
  assertEquals(result.code, 1);
  assertMatch(
    result.stdout,
    /^año nuevo ñ\.txt: 9 B in \d+ ms \(.+\/s\), SHA-256 verified\nb\.bin: .+\n$/,
  );
  const failures = result.stderr.trimEnd().split("\n");
  assertEquals(failures.length, 3);
  assertMatch(failures[0]!, /^files: The server refuses "nope": .+NOT_FOUND/);
  assertMatch(failures[1]!, /^files: "\.\.\/x" is a path/);
  assertMatch(failures[2]!, /^files: \S+c\.txt is there already: --force/);
  assertEquals(out.names(), ["año nuevo ñ.txt", "b.bin", "c.txt"]);
  assertEquals(out.read("b.bin"), FILES["b.bin"]);
});

Deno.test("get shows a name as text, and never as commands", async () => {
  const name = "a\u202egpj.exe";
  using folder = new TempFolder({ [name]: "abc" });
  await using server = fileServer(0, { dir: folder.path });
  const words = ["127.0.0.1", `${server.addr.port}`, "get", name];
  const args = [...RUN, SCRIPT, ...words, "--output", "-"];
  const { code, stderr } = await runScript(args);
  assertEquals(code, 0);
  assertMatch(stderr, /^a\\u202egpj\.exe: /);
});

Deno.test("get --json: name, size, path and hash, and whether it was verified", async () => {
  using folder = new TempFolder({ a: "abc" });
  using out = new TempFolder();
  await using ours = fileServer(0, { dir: folder.path });
  await using plain = await plainServer({ a: folder.read("a") });
  const words = ["get", "a", "--json", "--output", out.of("b"), "--force"];
  const hex = sha256(folder.read("a"));
  const path = out.of("b");
  for (
    const [port, verified] of [[ours.addr.port, true], [plain.port, false]]
  ) {
    const args = command(out, Number(port), ...words);
    const { code, stdout, stderr } = await runScript(args);
    assertEquals([code, stderr], [0, ""]);
    const hash = verified ? hex : null;
    const sizes = { size: 3, received: 3 };
    const expected = { name: "a", ...sizes, path, sha256: hash, verified };
    assertEquals(JSON.parse(stdout), expected);
  }
});

Deno.test("get --output -: the bytes on stdout, the rest on stderr, no file access", async () => {
  const content = testBytes(3 * MIB + 1);
  using folder = new TempFolder({ a: content, b: "bee" });
  await using server = fileServer(0, { dir: folder.path });
  const port = `${server.addr.port}`;
  const words = ["127.0.0.1", port, "get", "a", "b", "--output", "-"];
  const child = startClient([...RUN, SCRIPT, ...words]);
  await child.stdin.close();
  const { code, stdout, stderr } = await child.output();
  assertEquals(code, 0);
  assertEquals(sha256(stdout.slice(0, content.length)), sha256(content));
  assertEquals(new TextDecoder().decode(stdout.slice(content.length)), "bee");
  const lines = new TextDecoder().decode(stderr).trimEnd().split("\n");
  assertEquals(lines.length, 2);
  for (const line of lines) assertMatch(line, /, SHA-256 verified$/);
});

Deno.test("get --output -, damaged: exit 1, and it says so", async () => {
  await using server = await plainServer({ a: testBytes(100) }, {
    FEATURES: (_, { send }) => send("FEATURES SHA256\r\n"),
    SHA256: (name, { send }) => send(`SHA256 ${"0".repeat(64)} ${name}\r\n`),
  });
  const words = ["127.0.0.1", `${server.port}`, "get", "a", "--output", "-"];
  const { code, stderr } = await runScript([...RUN, SCRIPT, ...words]);
  assertEquals(code, 1);
  assertMatch(stderr, /^files: "a" came damaged.+\n$/);
});

Deno.test("get: a damaged file has no name, exit 1", async () => {
  using out = new TempFolder();
  await using server = await plainServer({ a: testBytes(100) }, {
    FEATURES: (_, { send }) => send("FEATURES SHA256\r\n"),
    SHA256: (name, { send }) => send(`SHA256 ${"0".repeat(64)} ${name}\r\n`),
  });
  const args = command(out, server.port, "get", "a", "--output", out.path);
  const { code, stdout, stderr } = await runScript(args);
  assertEquals([code, stdout], [1, ""]);
  assertMatch(stderr, /^files: .*damaged.*a\.part.*\n$/);
  assertEquals(out.names(), ["a.part"]);
});

Deno.test("get --resume says how much was there", async () => {
  const content = testBytes(3000);
  using folder = new TempFolder({ a: content });
  using out = new TempFolder({ "a.part": content.subarray(0, 1000) });
  await using server = fileServer(0, { dir: folder.path });
  const words = ["get", "a", "--resume", "--output", out.path];
  const args = command(out, server.addr.port, ...words);
  const { code, stdout, stderr } = await runScript(args);
  assertEquals([code, stderr, out.read("a")], [0, "", content]);
  assertMatch(
    stdout,
    /^a: 3 kB, of which 1 kB was there, in \d+ ms \(.+\), SHA-256 verified\n$/,
  );
});

const WRONG: [words: string[], says: string][] = [
  [["get"], "Missing <name>"],
  [["list", "a"], 'Unexpected argument "a"'],
  [["interactive", "a"], 'Unexpected argument "a"'],
  [["put", "a"], "Expected list or get or interactive"],
  [["get", "a", "b", "--output", "one"], "Several files need a folder"],
  [["get", "a", "--resume", "--output", "-"], "exclude each other"],
  [["get", "a", "--resume", "--no-verify"], "exclude each other"],
  [["get", "a", "--chunk", "x"], "for --chunk"],
  [["get", "a", "--output"], "needs a value"],
];

for (const [words, says] of WRONG) {
  Deno.test(`files ${words.join(" ")}: exit 2 and one clear line`, async () => {
    using out = new TempFolder();
    const { code, stdout, stderr } = await runScript(command(out, 9, ...words));
    assertEquals([code, stdout], [2, ""]);
    assertMatch(stderr, /^files: [^\n]+\n$/);
    assertStringIncludes(stderr, says);
  });
}

Deno.test("the session: list, get by number and by name, help, and what is wrong", async () => {
  using folder = new TempFolder({ ...FILES, "2": "two" });
  using out = new TempFolder();
  await using server = fileServer(0, { dir: folder.path });
  const words = ["--output", `${out.path}/`];
  // "2" is a name too, and a name goes before a number.
  const input =
    "help\nget 3\nGET  c.txt \nget 2\nget 99\n\nnonsense\nlist\nquit\n" +
    "get año nuevo ñ.txt\n";
  const args = command(out, server.addr.port, ...words);
  const { code, stdout, stderr } = await runScript(args, { input });
  assertEquals(code, 1);
  assertEquals(stdout.match(/^2 +9 B +año nuevo ñ\.txt$/gm)?.length, 2);
  assertEquals(out.names(), ["2", "b.bin", "c.txt"]);
  assertEquals(new TextDecoder().decode(out.read("2")), "two");
  assertMatch(stderr, /refuses "99"/);
  assertMatch(stderr, /no such command/);
  assertEquals(stderr.match(/^Commands: /gm)?.length, 2);
});

Deno.test("the session takes --force and --resume before a name", async () => {
  using folder = new TempFolder({ a: "new", "--b": "dashes" });
  using out = new TempFolder({ a: "old" });
  await using server = fileServer(0, { dir: folder.path });
  const args = command(out, server.addr.port, "--output", `${out.path}/`);
  const input = "get a\nget --force A\nget --RESUME a --force\nget --b\n" +
    "get --force\n";
  const { code, stderr } = await runScript(args, { input });
  assertEquals(code, 1);
  assertMatch(stderr, /is there already: --force replaces it/);
  assertMatch(stderr, /refuses "A"/);
  assertMatch(stderr, /Which one\?/);
  assertEquals(new TextDecoder().decode(out.read("a")), "new");
  assertEquals(out.names(), ["--b", "a"]);
});

Deno.test("the session with --json prints nothing but JSON", async () => {
  using folder = new TempFolder({ a: "abc" });
  using out = new TempFolder();
  await using server = fileServer(0, { dir: folder.path });
  const words = ["--json", "--output", `${out.path}/`];
  const args = command(out, server.addr.port, ...words);
  const { code, stdout } = await runScript(args, { input: "get 1\n" });
  assertEquals(code, 0);
  const [listed, got] = stdout.trim().split("\n").map((line) =>
    JSON.parse(line)
  );
  assertEquals(listed, { name: "a", size: 3 });
  assertEquals([got.name, got.verified], ["a", true]);
});

Deno.test("the session ends with its input, exit 0; it is the action by default", async () => {
  using folder = new TempFolder(FILES);
  using out = new TempFolder();
  await using server = fileServer(0, { dir: folder.path });
  for (const words of [[], ["interactive"]]) {
    const args = command(out, server.addr.port, ...words);
    const { code, stdout } = await runScript(args);
    assertEquals(code, 0);
    assertStringIncludes(stdout, "1   9 B  año nuevo ñ.txt\n");
  }
});

Deno.test("the session names no path: what a server lists is asked for by no number", async () => {
  using out = new TempFolder();
  Deno.mkdirSync(out.of("in"));
  await using server = await plainServer({}, {
    LIST: (_, { send }) => send("FILES 2\r\n../evil 4\r\n/tmp/evil 4\r\n"),
    GET: (name, { send }) => send(`SENDING_FILE ${name} 4\r\n`),
    READY: (_, { send }) => send("evil"),
  });
  const args = command(out, server.port, "--output", out.of("in"));
  const { code } = await runScript(args, { input: "get 1\nget 2\n" });
  assertEquals(code, 1);
  assertEquals([out.names(), server.heard], [["in"], ["LIST", "QUIT"]]);
});

/** Waits until `condition` holds; for what no event tells. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
}

function sizeOf(path: string): number {
  try {
    return Deno.lstatSync(path).size;
  } catch {
    return 0;
  }
}

Deno.test({
  name:
    "a client killed at any moment leaves a part, and --resume makes it whole",
  ignore: !UNIX, // There is no SIGKILL.
  fn: async () => {
    const content = testBytes(9 * MIB);
    using folder = new TempFolder({ a: content });
    await using ours = fileServer(0, { dir: folder.path });
    for (const bytes of [0, 1, 100_000, 3 * MIB, 9 * MIB]) {
      using out = new TempFolder();
      const sent = Promise.withResolvers<void>();
      await using stalling = await plainServer({ a: content }, {
        READY(_, { socket }) {
          socket.write(content.subarray(0, bytes), () => sent.resolve());
        },
        FEATURES: (_, { send }) => send("FEATURES RESUME SHA256\r\n"),
      });
      const words = ["get", "a", "--output", out.path];
      const child = startClient(command(out, stalling.port, ...words));
      await sent.promise;
      child.kill("SIGKILL");
      await child.stdin.close();
      await child.output();
      assertEquals(out.names().includes("a"), false);

      const again = command(out, ours.addr.port, ...words, "--resume");
      const { code, stdout, stderr } = await runScript(again);
      assertEquals([code, stderr], [0, ""]);
      assertMatch(stdout, /SHA-256 verified/);
      assertEquals(out.names(), ["a"]);
      assertEquals(sha256(out.read("a")), sha256(content));
    }
  },
});

Deno.test({
  name: "a server killed in the middle: how far it came, the part, exit 1",
  ignore: !UNIX,
  fn: async () => {
    // A hole: as large as it says, no work to make, and never fetched in time.
    const size = MIB * MIB;
    using folder = new TempFolder({ a: "" });
    Deno.truncateSync(folder.of("a"), size);
    using out = new TempFolder();
    await using server = await ServerScript.start([
      ...[...RUN, `--allow-read=${folder.path}`],
      ...["exercises/08_file_server.ts", "0", "--dir", folder.path],
    ]);
    const words = ["get", "a", "--output", out.path];
    const child = startClient(command(out, server.port, ...words));
    await until(() => sizeOf(out.of("a.part")) > 0);
    await server.stop("SIGKILL");
    await child.stdin.close();
    const { code, stderr } = await child.output();
    const [note, error] = new TextDecoder().decode(stderr).split("\n");
    assertEquals(code, 1);
    const came = sizeOf(out.of("a.part"));
    assertStringIncludes(note!, `${came} of ${size} bytes are in `);
    assertStringIncludes(note!, "--resume");
    assertMatch(error!, /^files: The peer /);
    assertEquals(out.names(), ["a.part"]);
  },
});

Deno.test({
  name: "Ctrl-C in a get: exit 130, how far it came, and the part stays",
  ignore: !UNIX,
  fn: async () => {
    using out = new TempFolder();
    await using server = await plainServer({ a: testBytes(100_000) }, {
      READY: (_, { send }) => send(testBytes(100)),
    });
    const words = ["get", "a", "--output", out.path];
    const child = startClient(command(out, server.port, ...words));
    await until(() => sizeOf(out.of("a.part")) === 100);
    child.kill("SIGINT");
    await child.stdin.close();
    const { code, stderr } = await child.output();
    assertEquals(code, 130);
    assertMatch(
      new TextDecoder().decode(stderr),
      /^100 of 100000 bytes are in \S+a\.part: --resume goes on from there\n$/,
    );
    assertEquals(out.names(), ["a.part"]);
  },
});

Deno.test({
  name: "Ctrl-C is heard while nobody reads stdout",
  ignore: !UNIX,
  fn: async () => {
    await using server = await plainServer({ a: testBytes(32 * MIB) }, {
      READY: (_, { send }) => send(testBytes(16 * MIB)),
    });
    const words = ["127.0.0.1", `${server.port}`, "get", "a", "--output", "-"];
    const child = startClient([...RUN, SCRIPT, ...words]);
    const reader = child.stdout.getReader();
    // It prints, and soon has filled the pipe again, like that of a pager.
    assert((await reader.read()).value !== undefined);
    child.kill("SIGINT");
    assertEquals((await child.status).code, 130);
    await child.stdin.close();
    await reader.cancel();
    await child.stderr.cancel();
  },
});

Deno.test({
  name: "Ctrl-C in the middle of a session: exit 130, and no error",
  ignore: !UNIX,
  fn: async () => {
    using out = new TempFolder();
    const ready = Promise.withResolvers<void>();
    await using server = await plainServer({ a: testBytes(100) }, {
      READY: () => ready.resolve(),
    });
    const words = ["--output", `${out.path}/`];
    const child = startClient(command(out, server.port, ...words));
    const writer = child.stdin.getWriter();
    await writer.write(new TextEncoder().encode("get a\n"));
    await ready.promise;
    child.kill("SIGINT");
    const { code, stderr } = await child.output();
    await writer.close().catch(() => {});
    assertEquals(code, 130);
    assert(!new TextDecoder().decode(stderr).includes("files:"));
  },
});

/** A file system of one megabyte, if this system lets us have one. */
function smallDisk(folder: TempFolder): boolean {
  const args = ["-t", "tmpfs", "-o", "size=1m", "tmpfs", folder.path];
  try {
    return new Deno.Command("mount", { args, stderr: "null" }).outputSync()
      .success;
  } catch {
    return false;
  }
}

Deno.test({
  name: "a disk that is full: one clear line, exit 1, the part stays",
  ignore: Deno.build.os !== "linux",
  fn: async (t) => {
    const content = testBytes(3 * MIB);
    using folder = new TempFolder({ a: content });
    using out = new TempFolder();
    const mounted = smallDisk(out);
    try {
      await t.step({
        name: "on a file system of one megabyte",
        ignore: !mounted, // Only who administers the machine may mount one.
        fn: async () => {
          await using server = fileServer(0, { dir: folder.path });
          const words = ["get", "a", "--output", out.path];
          const args = command(out, server.addr.port, ...words);
          const { code, stdout, stderr } = await runScript(args);
          assertEquals([code, stdout], [1, ""]);
          assertMatch(stderr, /^\d+ of 3145728 bytes are in \S+a\.part: .+\n/);
          assertMatch(stderr, /\nfiles: There is no space left .+\n$/);
          assertEquals(out.names(), ["a.part"]);
          assert(sizeOf(out.of("a.part")) > MIB / 2);
        },
      });
    } finally {
      if (mounted) {
        new Deno.Command("umount", { args: [out.path] }).outputSync();
      }
    }
  },
});

Deno.test({
  name: "/dev/full as stdout, and a reader that leaves: exit 1",
  ignore: Deno.build.os !== "linux",
  fn: async () => {
    using folder = new TempFolder({ a: testBytes(MIB) });
    await using server = fileServer(0, { dir: folder.path });
    const port = `${server.addr.port}`;
    const client = [Deno.execPath(), ...RUN, SCRIPT, "127.0.0.1", port];
    const run = async (script: string) => {
      const { code, stderr } = await new Deno.Command("bash", {
        args: ["-c", script, ...client, "get", "a", "--output", "-"],
        cwd: ROOT,
        stdout: "null",
      }).output();
      return [code, new TextDecoder().decode(stderr)];
    };
    const [code, stderr] = await run('"$0" "$@" > /dev/full');
    assertEquals(code, 1);
    assertMatch(`${stderr}`, /no space left/);
    const left = await run('set -o pipefail; "$0" "$@" | head -c 10');
    assertEquals(left, [1, ""]);
  },
});

/** What a person sees of `get a` on a terminal, piece by piece as drawn. */
async function watchGet(
  finish: (talk: Talk, rest: Uint8Array) => void,
): Promise<string[]> {
  const content = testBytes(100_000);
  using out = new TempFolder();
  const seen = Promise.withResolvers<void>();
  await using server = await plainServer({ a: content }, {
    async READY(_, talk) {
      // A hundredth of it, and then next to nothing until that is seen.
      let at = 1000;
      talk.send(content.slice(0, at));
      const send = () => talk.send(content.slice(at, ++at));
      const timer = setInterval(send, 50);
      await seen.promise;
      clearInterval(timer);
      finish(talk, content.slice(at));
    },
  });
  const words = ["get", "a", "--output", out.path];
  const client = [Deno.execPath(), ...command(out, server.port, ...words)];
  const terminal = OnTerminal.run(client);
  const before = await terminal.see("/100 kB");
  seen.resolve();
  const { shown } = await terminal.end();
  // Carriage return, "erase to the end of the line", and what is drawn.
  return `${before}/100 kB${shown}`.split("\r\x1b[K");
}

Deno.test({
  name: "on a terminal there is a progress bar, and it is taken away",
  ignore: !HAS_TERMINAL, // There is no `script` here.
  fn: async () => {
    const [nothing, ...drawn] = await watchGet(({ send }, rest) => send(rest));
    const result = drawn.pop();
    assertEquals(nothing, "");
    assert(drawn.length > 0, "nothing was drawn");
    for (const bar of drawn) {
      // Without autowrap: a terminal that is too narrow cuts it.
      const [off, on] = ["\x1b[?7l", "\x1b[?7h"];
      assert(bar.startsWith(off) && bar.endsWith(on), bar);
      const line = bar.slice(off.length, -on.length);
      assertMatch(line, /^\[#*-*\] \d+% +\S+ k?B\/100 kB +\S+ .?B\/s.* a $/);
    }
    assertMatch(result!, /^a: 100 kB in .+, no SHA-256 to compare\r\n$/);
  },
});

Deno.test({
  name: "on a terminal what went wrong takes the place of the progress bar",
  ignore: !HAS_TERMINAL, // There is no `script` here.
  fn: async () => {
    const drawn = await watchGet(({ socket }) => socket.end());
    assertMatch(
      drawn.pop()!,
      /^\d+ of 100000 bytes are in .+\r\nfiles: .+\r\n$/,
    );
    assertMatch(drawn.pop()!, /\[#*-/);
  },
});
