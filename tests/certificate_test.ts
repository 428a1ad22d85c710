/** `certificate`, and the options that take what it writes. */
import {
  assert,
  assertEquals,
  assertMatch,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { ExerciseError } from "../exercises/cli/outcome.ts";
import { createCertificates } from "../exercises/tools/certificate.ts";
import { runScript, ServerScript } from "./support/script.ts";
import { TempFolder } from "./support/temp_folder.ts";

const FILES = ["ca-key.pem", "ca.pem", "cert.pem", "key.pem"];

/** Runs main.ts with no more than these flags. */
function run(flags: string[], args: string[], input = "") {
  const words = ["run", "--no-prompt", "--no-check", ...flags, "main.ts"];
  return runScript([...words, ...args], { input });
}

Deno.test("certificate writes its four files, the keys for their owner alone", async () => {
  using dir = new TempFolder();
  const flags = [`--allow-read=${dir.path}`, `--allow-write=${dir.path}`];
  const { code, stdout, stderr } = await run(flags, [
    "certificate",
    dir.path,
    "server.example",
    "192.0.2.7",
  ]);
  assertEquals(code, 0, stderr);
  assertStringIncludes(
    stdout,
    "localhost, 127.0.0.1, ::1, server.example, 192.0.2.7",
  );
  assertEquals(dir.names(), FILES);
  if (Deno.build.os === "windows") return;
  const modes = FILES.map((name) => Deno.statSync(dir.of(name)).mode! & 0o077);
  assertEquals([modes[0], modes[3]], [0, 0]);
});

Deno.test("certificate overwrites nothing unasked, and then writes none of them", async () => {
  using dir = new TempFolder({ "key.pem": "precious" });
  const create = (force: boolean) =>
    Array.fromAsync(createCertificates(dir.path, { force }));
  const error = await assertRejects(() => create(false), ExerciseError);
  assertMatch(error.message, /key\.pem is there already: --force/);
  assertEquals(dir.names(), ["key.pem"]);
  await create(true);
  assertEquals(dir.names(), FILES);
  const key = new TextDecoder().decode(dir.read("key.pem"));
  assertMatch(key, /^-----BEGIN PRIVATE KEY-----/);
  if (Deno.build.os !== "windows") {
    assertEquals(Deno.statSync(dir.of("key.pem")).mode! & 0o777, 0o600);
  }
});

Deno.test("a server and a client take what it has written, with the permission to read just that", async () => {
  using dir = new TempFolder();
  await Array.fromAsync(createCertificates(dir.path));
  const [ca, cert, key] = ["ca.pem", "cert.pem", "key.pem"].map(dir.of, dir);
  await using server = await ServerScript.start([
    ...["run", "--no-prompt", "--no-check", "--allow-net=127.0.0.1"],
    ...[`--allow-read=${cert},${key}`, "exercises/04_echo_server.ts", "0"],
    ...["--tls", "--cert", cert!, "--key", key!],
  ]);
  const net = "--allow-net=127.0.0.1";
  const echo = ["echo", "127.0.0.1", `${server.port}`, "--tls"];
  const trusting = [...echo, "--ca", ca!, "--trace"];
  const one = await run([net, `--allow-read=${ca}`], trusting, "hello\n");
  assertEquals([one.code, one.stdout], [0, "hello\n"], one.stderr);
  assertStringIncludes(one.stderr, '-> "hello\\r\\n" 7 bytes');

  const unsure = await run([net], echo, "hello\n");
  assertEquals([unsure.code, unsure.stdout], [1, ""]);
  assertStringIncludes(
    unsure.stderr,
    `echo: Nobody here trusts who signed the certificate of 127.0.0.1:${server.port}: `,
  );
  const forbidden = await run([net], trusting, "hello\n");
  assertEquals(forbidden.code, 1);
  assertStringIncludes(forbidden.stderr, `add --allow-read=${ca}`);
});

Deno.test("TLS options that are of no use are refused before anything is opened", async () => {
  using dir = new TempFolder({ "none.pem": "-----BEGIN NOTHING-----\n" });
  const none = dir.of("none.pem");
  for (
    const [words, code, expected] of [
      ["echo 127.0.0.1 1 --ca x.pem", 2, "Option --ca needs --tls"],
      ["echoserver 0 --cert x.pem", 2, "Option --cert needs --tls"],
      ["echoserver 0 --tls --cert x.pem", 2, "needs --cert and --key"],
      ["echo 127.0.0.1 1 --tls --ca nowhere.pem", 1, "There is no nowhere.pem"],
      [`echo 127.0.0.1 1 --tls --ca ${none}`, 1, `certificate in ${none}: `],
      [
        `echoserver 0 --tls --cert ${none} --key ${none}`,
        1,
        `certificate in ${none}: `,
      ],
    ] as const
  ) {
    const flags = ["--allow-net=127.0.0.1", "--allow-read"];
    const result = await run(flags, words.split(" "));
    assertEquals(result.code, code, result.stderr);
    assertStringIncludes(result.stderr, expected);
  }
});

Deno.test("a certificate and another one's key are told apart from a broken file", async () => {
  using dir = new TempFolder();
  using other = new TempFolder();
  await Array.fromAsync(createCertificates(dir.path));
  await Array.fromAsync(createCertificates(other.path));
  const { code, stderr } = await run(
    ["--allow-net=127.0.0.1", "--allow-read"],
    [
      ...["echoserver", "0", "--tls"],
      ...["--cert", dir.of("cert.pem"), "--key", other.of("key.pem")],
    ],
  );
  assertEquals(code, 1);
  assertStringIncludes(stderr, "a certificate and its own key are wanted");
  assert(!stderr.includes("os error"));
});
