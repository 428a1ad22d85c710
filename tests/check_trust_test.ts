/** `check`: the bonus stages `tls` and `auth`. */
import { assertEquals, assertMatch } from "@std/assert";
import { TextLineStream } from "@std/streams/text-line-stream";
import { newKeys } from "../protocol/scram_keys.ts";
import { formatUsers } from "../servers/user_file.ts";
import { runScript } from "./support/script.ts";
import { TempFolder } from "./support/temp_folder.ts";

const TCPLAB = ["run", "-A", "--no-prompt", "main.ts"];
const OWN = ["--", Deno.execPath(), ...TCPLAB];
const ECHO = "tests/check/programs/echoserver/right_threads.py";
const TLS = ["--tls", "--cert", "{cert}", "--key", "{key}"];

/** What became of the one stage, in English, and the exit code. */
async function only(stage: string, role: string, ...words: string[]) {
  const args = [...TCPLAB, "check", role, "--only", stage, "--lang", "en"];
  const { code, stdout, stderr } = await runScript([...args, ...words]);
  return { code, line: stdout.split("\n")[0] ?? "", stdout, stderr };
}

async function usersIn(folder: TempFolder): Promise<string> {
  const file = folder.of("users.txt");
  const keys = await newKeys("pencil");
  const users = new Map([["ana", { name: "ana", ...keys }]]);
  await Deno.writeTextFile(file, formatUsers(users));
  return file;
}

const SERVERS: [role: string, words: string[]][] = [
  ["echoserver", []],
  ["daytimeserver", []],
  ["fileserver", ["--dir", "{dir}"]],
];

for (const [role, words] of SERVERS) {
  Deno.test(`check ${role} --only tls: ours speaks TLS when it is told to`, async () => {
    const given = [...OWN, role, "{port}", ...words];
    const tls = await only("tls", role, ...given, ...TLS);
    assertEquals([tls.code, tls.line.slice(0, 3)], [0, "ok "], tls.stderr);
    const plain = await only("tls", role, ...given);
    assertEquals(plain.code, 3);
    assertMatch(plain.line, /^skip.*not offered/);
  });
}

Deno.test("check: a program that only says that it speaks TLS fails the stage", async () => {
  const words = ["--", "python3", ECHO, "{port}", "{cert}", "{key}"];
  const { code, stdout } = await only("tls", "echoserver", ...words);
  assertEquals(code, 1);
  assertMatch(stdout, /^FAIL/);
});

Deno.test("check: of a program that speaks TLS only that is asked", async () => {
  const words = [...OWN, "echoserver", "{port}", ...TLS];
  const { line } = await only("every-byte", "echoserver", ...words);
  assertMatch(line, /^skip.*it speaks TLS/);
});

const USERS: [role: string, words: string[]][] = [
  ["fileserver", ["--dir", "{dir}"]],
  ["msgserver", []],
];

for (const [role, words] of USERS) {
  Deno.test(`check ${role} --only auth: ours refuses a wrong password when it has users`, async () => {
    using folder = new TempFolder();
    const given = [...OWN, role, "{port}", ...words];
    const users = ["--users", await usersIn(folder)];
    const locked = await only("auth", role, ...given, ...users);
    const { code, line, stdout } = locked;
    assertEquals([code, line.slice(0, 3)], [0, "ok "], stdout);
    const open = await only("auth", role, ...given);
    assertEquals(open.code, 3);
    assertMatch(open.line, /^skip.*not offered/);
  });
}

Deno.test("check: a server that says at once that there is no such user fails the stage", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const serving = (async () => {
    for await (const conn of listener) void answer(conn);
  })();
  const words = [`127.0.0.1:${listener.addr.port}`];
  const { code, stdout } = await only("auth", "fileserver", ...words);
  assertEquals(code, 1);
  assertMatch(stdout, /^FAIL/);
  assertMatch(stdout, /ERROR AUTH_FAILED No such user/);
  listener.close();
  await serving;
});

async function answer(conn: Deno.TcpConn): Promise<void> {
  const lines = conn.readable.pipeThrough(new TextDecoderStream())
    .pipeThrough(new TextLineStream());
  const writer = conn.writable.getWriter();
  const say = (line: string) =>
    writer.write(new TextEncoder().encode(`${line}\r\n`));
  try {
    for await (const line of lines) {
      if (line === "FEATURES") await say("FEATURES AUTH");
      else if (line === "QUIT") await say("BYE");
      else await say("ERROR AUTH_FAILED No such user");
    }
  } catch {
    // The client has left.
  }
  await writer.close().catch(() => {});
}
