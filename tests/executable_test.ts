/**
 * The one executable, from another folder, with nothing beside it. Built when
 * DENO_COMPILER (a deno) and DENORT_BIN (its runtime) are set: where they are
 * not, `deno compile` would fetch its runtime from outside.
 */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { closedPort } from "./support/network.ts";
import { linesOf, ROOT } from "./support/script.ts";

const compiler = Deno.env.get("DENO_COMPILER");
const runtime = Deno.env.get("DENORT_BIN");

/** Builds it once, into a folder of its own. */
async function build(): Promise<{ folder: string; path: string }> {
  const folder = await Deno.makeTempDir();
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-prompt", "-A", ".ci/compile.ts", folder],
    cwd: ROOT,
  }).output();
  const decoder = new TextDecoder();
  assertEquals(code, 0, decoder.decode(stderr));
  return { folder, path: decoder.decode(stdout).trim() };
}

Deno.test({
  name: "the executable holds every command, and needs no other file",
  ignore: compiler === undefined || runtime === undefined,
  fn: async (t) => {
    const { folder, path } = await build();
    const cwd = await Deno.makeTempDir();
    const spawn = (...args: string[]) =>
      new Deno.Command(path, {
        args,
        cwd,
        env: { NO_COLOR: "1" },
        stdin: "piped",
        stdout: "piped",
        stderr: "piped",
      }).spawn();
    async function run(args: string[], input = "") {
      const child = spawn(...args);
      const writer = child.stdin.getWriter();
      await writer.write(new TextEncoder().encode(input));
      await writer.close();
      const { code, stdout, stderr } = await child.output();
      const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
      return { code, stdout: decode(stdout), stderr: decode(stderr) };
    }
    /** Runs a server while `use` talks to it on its port. */
    async function withServer(args: string[], use: (port: string) => unknown) {
      const child = spawn(...args);
      const lines = linesOf(child.stdout);
      const { value = "" } = await lines.read();
      await use(/:(\d+)$/.exec(value)?.[1] ?? "none");
      child.kill("SIGTERM");
      await lines.cancel();
      await child.stderr.cancel();
      await child.stdin.close();
      assertEquals((await child.status).code, 0);
    }

    await t.step("--help and --version", async () => {
      assertStringIncludes((await run(["--help"])).stdout, "scan <host>");
      assertStringIncludes((await run(["--version"])).stdout, "tcplab ");
    });
    await t.step("demo", async () => {
      const { code, stdout } = await run(["demo", "--fast"]);
      assertEquals(code, 0, stdout);
    });
    await t.step("scan, with its worker", async () => {
      await withServer(["server", "0"], async (port) => {
        const args = ["scan", "127.0.0.1", "1-65535", "--json"];
        const { code, stdout } = await run(args);
        assertEquals(code, 0);
        const ports = stdout.trim().split("\n").map((line) =>
          JSON.parse(line).port
        );
        assert(ports.includes(Number(port)), `${port} is not in ${ports}`);
      });
    });
    await t.step("samples, then the file server and its client", async () => {
      assertEquals((await run(["samples", "shared_files"])).code, 0);
      await withServer(["fileserver", "0"], async (port) => {
        const list = await run(["files", "127.0.0.1", port, "list", "--json"]);
        assertStringIncludes(list.stdout, '"mañana será otro día.txt"');
        const get = ["files", "127.0.0.1", port, "get", "hello.txt"];
        assertEquals((await run(get)).code, 0);
        assertEquals(
          await Deno.readTextFile(`${cwd}/hello.txt`),
          "Hello from tcplab!\n",
        );
      });
    });
    await t.step("certificate, then an echo over TLS", async () => {
      const { code, stderr } = await run(["certificate"]);
      assertEquals(code, 0, stderr);
      const files = ["cert", "key"].flatMap((
        name,
      ) => [`--${name}`, `certificates/${name}.pem`]);
      await withServer(["echoserver", "0", "--tls", ...files], async (port) => {
        const ca = ["--ca", "certificates/ca.pem"];
        const { stdout, stderr } = await run(["tls", "127.0.0.1", port, ...ca]);
        assertStringIncludes(stdout, "hello", stderr);
      });
    });
    await t.step("msgserver and chat", async () => {
      await withServer(["msgserver", "0"], async (port) => {
        const chat = ["chat", "127.0.0.1", port, "--name", "ana"];
        const { code, stdout } = await run(chat, "/list\n");
        assertEquals(code, 0);
        assertStringIncludes(stdout, "1 connected: ana");
      });
    });
    await t.step("msgserver --nats, with what it loads late", async () => {
      using closed = await closedPort();
      const nats = `127.0.0.1:${closed.port}`;
      const { code, stderr } = await run(["msgserver", "0", "--nats", nats]);
      assertStringIncludes(stderr, `No NATS server lets us in at ${nats}`);
      assertEquals(code, 1);
    });
    await t.step("check, which may start a program", async () => {
      const program = new URL(
        "tests/check/programs/echoserver/one_recv.py",
        ROOT,
      ).pathname;
      const args = ["check", "echoserver", "--json", "--only", "second-line"];
      const { code, stdout, stderr } = await run(
        [...args, "--", "python3", program, "{port}"],
      );
      assertEquals(code, 1, stderr);
      assertStringIncludes(stdout, '"bugs":["one-read"]');
    });
    await t.step("web, with its files and its worker", async () => {
      const child = spawn("web", "0");
      const lines = linesOf(child.stdout);
      const { value = "" } = await lines.read();
      const [, base, token] = /(http:.+)\/#(.+)$/.exec(value)!;
      assertStringIncludes(await (await fetch(base!)).text(), "<!doctype html");
      const run = await fetch(`${base}/api/runs`, {
        method: "POST",
        headers: {
          authorization: `Bearer ${token}`,
          "content-type": "application/json",
        },
        body: '{"command":"daytimeserver","arguments":{"port":"0"}}',
      });
      await run.body?.cancel();
      const events = await fetch(`${base}/api/events`, {
        headers: { authorization: `Bearer ${token}` },
      });
      const told = linesOf(events.body!);
      await told.read(); // An empty line, before there is anything.
      assertStringIncludes((await told.read()).value ?? "", "Listening on");
      await told.cancel();
      child.kill("SIGTERM");
      await lines.cancel();
      await child.stderr.cancel();
      await child.stdin.close();
      assertEquals((await child.status).code, 0);
    });
    await t.step("no other command may start one", async () => {
      const { stdout } = await run(["diagnostics", "--json"]);
      assertStringIncludes(stdout, "--allow-net");
      assertEquals(stdout.includes("--allow-run"), false, stdout);
    });
    await Deno.remove(folder, { recursive: true });
    await Deno.remove(cwd, { recursive: true });
  },
});
