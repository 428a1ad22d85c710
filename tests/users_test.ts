/** Who may speak: the user file, its command, and logins over both wires. */
import {
  assert,
  assertEquals,
  assertMatch,
  assertNotEquals,
  assertRejects,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { messageServer } from "../exercises/07_message_server.ts";
import { fileClient } from "../exercises/08_file_client.ts";
import { fileServer } from "../exercises/08_file_server.ts";
import { loggedIn } from "../exercises/cli/logged_in.ts";
import { ExerciseError } from "../exercises/cli/outcome.ts";
import { ProtocolError } from "../protocol/errors.ts";
import {
  CHAT_LOGIN,
  FILE_LOGIN,
  loginLine,
  loginMessage,
  type LoginWords,
} from "../protocol/login_lines.ts";
import { nicknameKey } from "../protocol/nickname.ts";
import { ScramClient } from "../protocol/scram.ts";
import { newKeys } from "../protocol/scram_keys.ts";
import { fromWord, toWord } from "../protocol/scram_messages.ts";
import type { LogEntry } from "../servers/log.ts";
import { LoginThrottle } from "../servers/login_throttle.ts";
import { Logins } from "../servers/logins.ts";
import { Metrics } from "../servers/metrics.ts";
import {
  formatUsers,
  parseUsers,
  UserFile,
  UserFileError,
  type UserTable,
} from "../servers/user_file.ts";
import { Chatter } from "./support/chatter.ts";
import { FEATURES } from "./support/features.ts";
import { figureOf } from "./support/figures.ts";
import { QUIET_HOST } from "./support/network.ts";
import { PlainClient, plainServer } from "./support/plain_files.ts";
import { runScript, ServerScript } from "./support/script.ts";
import { TempFolder } from "./support/temp_folder.ts";
import { HAS_TERMINAL, OnTerminal } from "./support/terminal.ts";

const UNIX = Deno.build.os !== "windows";
/** The fewest rounds that a client takes. */
const ITERATIONS = 4096;

/** A user file with these names; each one's password is the name, twice. */
async function userText(...names: string[]): Promise<string> {
  const users: UserTable = new Map();
  for (const name of names) {
    const keys = await newKeys(name + name, { iterations: ITERATIONS });
    users.set(nicknameKey(name), { name, ...keys });
  }
  return formatUsers(users);
}

/** Logins of `ana` and `bob`, and a clock that only the test moves. */
async function logins(folder: TempFolder, log?: (entry: LogEntry) => void) {
  folder.write("users.txt", await userText("ana", "bob"));
  const clock = { ms: 0 };
  const throttle = new LoginThrottle({ now: () => clock.ms });
  const users = new UserFile(folder.of("users.txt"));
  return { clock, logins: new Logins(users, { throttle, log }) };
}

async function startFiles() {
  const folder = new TempFolder({ "hello.txt": "Hello\n" });
  const entries: LogEntry[] = [];
  const { logins: accepted, clock } = await logins(folder, (entry) => {
    entries.push(entry);
  });
  const metrics = new Metrics();
  const options = { dir: folder.path, logins: accepted, metrics };
  const server = fileServer(0, options);
  return {
    ...{ folder, server, clock, entries, metrics, port: server.addr.port },
    async [Symbol.asyncDispose]() {
      await server.shutdown();
      folder[Symbol.dispose]();
    },
  };
}

async function startChat() {
  const folder = new TempFolder();
  const { logins: accepted, clock } = await logins(folder);
  const server = messageServer(0, { hostname: QUIET_HOST, logins: accepted });
  return {
    ...{ folder, server, clock, port: server.addr.port },
    async [Symbol.asyncDispose]() {
      await server.shutdown();
      folder[Symbol.dispose]();
    },
  };
}

/** What a client of either wire says, and what comes back. */
type Ask = (line: string) => Promise<string | null>;

/** One try to log in; the server's last answer to it. */
async function tryLogin(
  ask: Ask,
  name: string,
  password: string,
  words: LoginWords = FILE_LOGIN,
): Promise<string | null> {
  const client = new ScramClient(name, password);
  const challenge = await ask(loginLine(words.first, client.first).trimEnd());
  const message = loginMessage(words.challenge, challenge ?? "");
  if (message === null) return challenge;
  const final = await client.final(message);
  const last = await ask(loginLine(words.final, final).trimEnd());
  const signature = loginMessage(words.done, last ?? "");
  if (signature !== null) client.verify(signature);
  return last;
}

function asking(client: PlainClient): Ask {
  return (line) => client.ask(line);
}

const WRONG = "ERROR AUTH_FAILED Wrong name or password";

Deno.test("a user file is read as it was written; what is none is refused by its line", async () => {
  const text = await userText("ana", "ñandú");
  const users = parseUsers(text);
  assertEquals([...users.values()].map(({ name }) => name), ["ana", "ñandú"]);
  assertEquals(formatUsers(users), text);
  assertEquals(parseUsers("").size, 0);
  const [ana = ""] = text.split("\n");
  for (
    const [bad, why] of [
      [`${text}x`, "Line 3 is not a user"],
      [`${text}${ana.replace("ana", "ANA")}`, "Line 3 has the name of another"],
      [ana.replace(/4096/, "0"), "Line 1 is not"],
      [ana.replace("ana", "a b"), "Line 1 is not"],
      [ana.slice(0, -2), "Line 1 is not"],
    ] as const
  ) assertThrows(() => parseUsers(bad), UserFileError, why);
});

Deno.test("a plain client of the file server meets AUTH_REQUIRED, whatever it asks for", async () => {
  await using files = await startFiles();
  using client = await PlainClient.connect(files.port);
  const required = "ERROR AUTH_REQUIRED Log in first: files --login <name>";
  for (
    const line of [
      "LIST",
      "GET hello.txt",
      "READY",
      "SHA256 hello.txt",
      "RESUME 1 hello.txt",
      "WHAT",
      "",
      "x".repeat(5000),
    ]
  ) assertEquals(await client.ask(line), required, line.slice(0, 20));
  assertEquals(await client.ask("FEATURES"), `${FEATURES} AUTH`);
  assertMatch(await client.ask("AUTH PLAIN x") ?? "", /^ERROR BAD_REQUEST /);
  assertEquals(await client.ask("QUIT"), "BYE");
  assertEquals(await client.line(), null);
});

Deno.test("who has logged in is served as on a server without users", async () => {
  await using files = await startFiles();
  using client = await PlainClient.connect(files.port);
  assertMatch(await tryLogin(asking(client), "ana", "anaana") ?? "", /^OK /);
  assertEquals(
    await client.get("hello.txt"),
    new TextEncoder().encode("Hello\n"),
  );
  assertEquals(await client.ask("FEATURES"), FEATURES);
  assertMatch(await client.ask("AUTH x") ?? "", /^ERROR UNKNOWN_COMMAND /);
  assertEquals(files.entries.map(({ event, name }) => [event, name]), [
    ["login", "ana"],
  ]);
});

Deno.test("logins are counted by how they went, those that have to wait, too", async () => {
  await using files = await startFiles();
  const passwords = ["wrong", "wrong", "anaana", "wrong", "wrong", "wrong"];
  for (const password of passwords) {
    using client = await PlainClient.connect(files.port);
    await tryLogin(asking(client), "ana", password);
  }
  using client = await PlainClient.connect(files.port);
  const waits = await tryLogin(asking(client), "ana", "anaana");
  assertMatch(waits!, /Too many tries/);
  const told = (result: string) =>
    figureOf(files.metrics, `tcplab_logins_total{result="${result}"}`);
  assertEquals([await told("succeeded"), await told("failed")], [1, 6]);
});

Deno.test("nothing is lost between a login and what was sent with it", async () => {
  await using files = await startFiles();
  using client = await PlainClient.connect(files.port);
  const scram = new ScramClient("ana", "anaana");
  await client.send(loginLine(FILE_LOGIN.first, scram.first));
  const challenge = loginMessage(
    FILE_LOGIN.challenge,
    await client.line() ?? "",
  );
  const final = loginLine(FILE_LOGIN.final, await scram.final(challenge!));
  await client.send(`${final}GET hello.txt\r\nREADY\r\nQUIT\r\n`);
  assertMatch(await client.line() ?? "", /^OK /);
  assertEquals(await client.line(), "SENDING_FILE hello.txt 6");
  assertEquals((await client.bytes(6)).length, 6);
  assertEquals(await client.line(), "BYE");
});

Deno.test("a wrong password and an unknown name get the same answers, but for chance", async () => {
  await using files = await startFiles();
  const seen: unknown[] = [];
  const salts: string[] = [];
  for (const name of ["ana", "nobody", "ana", "nobody", "Nobody"]) {
    using client = await PlainClient.connect(files.port);
    const scram = new ScramClient(name, "wrong");
    const line = await client.ask(
      loginLine(FILE_LOGIN.first, scram.first).trimEnd(),
    );
    const challenge = loginMessage(FILE_LOGIN.challenge, line ?? "")!;
    const [, salt = "", form] =
      /^r=.{48},s=(.{22}==),(i=4096)$/.exec(challenge) ?? [];
    salts.push(salt);
    const final = toWord(await scram.final(challenge));
    seen.push([form, challenge.length, await client.ask(final)]);
  }
  assertEquals(new Set(seen.map((each) => JSON.stringify(each))).size, 1);
  assertEquals(seen[0], ["i=4096", 84, WRONG]);
  // Who asks twice sees the same salt, as of a user.
  assertEquals(salts[0], salts[2]);
  assertEquals(salts[1], salts[3]);
  assertEquals(salts[3], salts[4]);
  assertNotEquals(salts[0], salts[1]);
});

Deno.test("a login that was listened to is of no use on another connection", async () => {
  await using files = await startFiles();
  const [said, answered]: [string[], (string | null)[]] = [[], []];
  using client = await PlainClient.connect(files.port);
  const overheard: Ask = async (line) => {
    const answer = await client.ask(line);
    said.push(line);
    answered.push(answer);
    return answer;
  };
  assertMatch(await tryLogin(overheard, "ana", "anaana") ?? "", /^OK /);
  using thief = await PlainClient.connect(files.port);
  assertMatch(await thief.ask(said[0]!) ?? "", /^\+ /);
  assertEquals(await thief.ask(said[1]!), WRONG);
  // All that passed, in both forms: the password is not in it.
  const lines = [...said, ...answered].map((line) => line ?? "");
  const messages = lines.map((line) => fromWord(line.split(" ").at(-1)!));
  assertMatch(
    messages.join(" "),
    /^n,,n=ana,r=\S+ c=biws,r=\S+,p=\S+ r=\S+,s=\S+,i=4096 v=\S+$/,
  );
  assert(![...lines, ...messages].join().includes("anaana"));
});

/** A client by somebody who has read RFC 5802 and the page of the protocol. */
const PYTHON = `
import base64, hashlib, hmac, secrets, socket, sys

port, name, password = int(sys.argv[1]), sys.argv[2], sys.argv[3]
lines = socket.create_connection(("127.0.0.1", port)).makefile("rw", newline="")

def ask(words, message):
    lines.write(words + base64.b64encode(message.encode()).decode() + "\\r\\n")
    lines.flush()
    word, _, rest = lines.readline().rstrip("\\r\\n").partition(" ")
    if word == "ERROR":
        sys.exit(rest)
    return base64.b64decode(rest, validate=True).decode()

def h(key, text):
    return hmac.new(key, text.encode(), hashlib.sha256).digest()

bare = "n=" + name + ",r=" + secrets.token_hex(12)
challenge = ask("AUTH SCRAM-SHA-256 ", "n,," + bare)
parts = dict(part.split("=", 1) for part in challenge.split(","))
salted = hashlib.pbkdf2_hmac("sha256", password.encode(),
                             base64.b64decode(parts["s"]), int(parts["i"]))
client_key = h(salted, "Client Key")
final = "c=biws,r=" + parts["r"]
auth = ",".join([bare, challenge, final])
signature = h(hashlib.sha256(client_key).digest(), auth)
proof = bytes(a ^ b for a, b in zip(client_key, signature))
last = ask("", final + ",p=" + base64.b64encode(proof).decode())
assert base64.b64decode(last[2:]) == h(h(salted, "Server Key"), auth)
lines.write("LIST\\r\\n")
lines.flush()
print(lines.readline().strip())
`;

const HAS_PYTHON = hasPython();
if (!HAS_PYTHON) console.warn("SKIPPED: there is no python3 to log in with");

function hasPython(): boolean {
  try {
    return new Deno.Command("python3", { args: ["-V"] }).outputSync().success;
  } catch {
    return false;
  }
}

Deno.test({
  name:
    "a client in Python logs in, and checks the server; a wrong one does not",
  ignore: !HAS_PYTHON,
  async fn() {
    await using files = await startFiles();
    const logIn = async (...words: string[]) => {
      const args = ["-c", PYTHON, `${files.port}`, ...words];
      const command = new Deno.Command("python3", { args });
      const { stdout, stderr } = await command.output();
      const decoder = new TextDecoder();
      return [decoder.decode(stdout).trim(), decoder.decode(stderr).trim()];
    };
    assertEquals(await logIn("ana", "anaana"), ["FILES 2", ""]);
    const keys = await newKeys("contraseña ✓", { iterations: 5001 });
    const users = new Map([["ñandú", { name: "ñandú", ...keys }]]);
    files.folder.write("users.txt", formatUsers(users));
    const there = await logIn("ñandú", "contraseña ✓");
    assertEquals(there, ["FILES 2", ""]);
    const wrong = ["", "AUTH_FAILED Wrong name or password"];
    assertEquals(await logIn("ana", "x"), wrong);
    assertEquals(await logIn("ñandú", "contrasena ✓"), wrong);
    assertEquals(await logIn("nobody", "x"), wrong);
  },
});

Deno.test("three tries, then the end", async () => {
  await using files = await startFiles();
  using client = await PlainClient.connect(files.port);
  assertEquals(await tryLogin(asking(client), "ana", "x"), WRONG);
  assertEquals(
    await client.ask("AUTH SCRAM-SHA-256 *"),
    "ERROR AUTH_FAILED That is no message of SCRAM",
  );
  assertEquals(await tryLogin(asking(client), "bob", "x"), WRONG);
  assertEquals(await client.line(), null);
});

Deno.test("after three tries a name has to wait, from that address, also with the right password", async () => {
  await using files = await startFiles();
  for (let i = 0; i < 3; i++) {
    using client = await PlainClient.connect(files.port);
    assertEquals(
      await tryLogin(asking(client), i < 2 ? "ana" : "ANA", "x"),
      WRONG,
    );
  }
  using client = await PlainClient.connect(files.port);
  const pause = "ERROR AUTH_FAILED Too many tries for this name: wait 5 s";
  assertEquals(await tryLogin(asking(client), "ana", "anaana"), pause);
  using other = await PlainClient.connect(files.port);
  assertMatch(await tryLogin(asking(other), "bob", "bobbob") ?? "", /^OK /);
  files.clock.ms = 5001;
  assertMatch(await tryLogin(asking(client), "ana", "anaana") ?? "", /^OK /);
});

Deno.test("who begins a hundred tries at once has three", async () => {
  await using files = await startFiles();
  const clients = await Promise.all(
    Array.from({ length: 100 }, () => PlainClient.connect(files.port)),
  );
  try {
    const begun = await Promise.all(clients.map(async (client) => {
      const scram = new ScramClient("ana", "x");
      const line = await client.ask(
        loginLine(FILE_LOGIN.first, scram.first).trimEnd(),
      );
      const challenge = loginMessage(FILE_LOGIN.challenge, line ?? "")!;
      return { client, final: toWord(await scram.final(challenge)) };
    }));
    const answers = await Promise.all(
      begun.map(({ client, final }) => client.ask(final)),
    );
    assertEquals(answers.filter((answer) => answer === WRONG).length, 3);
    assert(answers.every((answer) => answer?.startsWith("ERROR AUTH_FAILED")));
  } finally {
    for (const client of clients) client[Symbol.dispose]();
  }
});

Deno.test("pauses double, are forgotten, and take no more memory than is allowed", () => {
  let now = 0;
  const throttle = new LoginThrottle({ maxKeys: 3, now: () => now });
  const pauses: number[] = [];
  for (let i = 0; i < 10; i++) {
    throttle.failed("a");
    pauses.push(throttle.waitMs("a"));
    now += throttle.waitMs("a");
    assertEquals(throttle.waitMs("a"), 0);
  }
  assertEquals(
    pauses.map((ms) => ms / 1000),
    [0, 0, 5, 10, 20, 40, 80, 160, 300, 300],
  );
  now += 15 * 60_000;
  throttle.failed("a");
  assertEquals(throttle.waitMs("a"), 0);
  for (const key of ["b", "c", "c", "c", "d", "e"]) throttle.failed(key);
  assertEquals(throttle.size, 3);
  assert(throttle.waitMs("c") > 0);
  throttle.succeeded("c");
  assertEquals([throttle.waitMs("c"), throttle.size], [0, 2]);
});

Deno.test("a user who was added can log in, and one who was removed cannot, while the server runs", async () => {
  await using files = await startFiles();
  const text = await userText("bob", "carla");
  // As `users` does it: under another name first.
  files.folder.write("new", text);
  Deno.renameSync(files.folder.of("new"), files.folder.of("users.txt"));
  using client = await PlainClient.connect(files.port);
  assertEquals(await tryLogin(asking(client), "ana", "anaana"), WRONG);
  assertMatch(
    await tryLogin(asking(client), "carla", "carlacarla") ?? "",
    /^OK /,
  );
  Deno.removeSync(files.folder.of("users.txt"));
  using later = await PlainClient.connect(files.port);
  assertMatch(await tryLogin(asking(later), "bob", "bobbob") ?? "", /^OK /);
});

/** A chat client, behind the greeting; `ask` gives the next line. */
async function stranger(port: number) {
  const chatter = await Chatter.connect(port);
  await chatter.expect(
    "* Hello. Log in first: /auth SCRAM-SHA-256, as chat --login <name> does",
  );
  const ask: Ask = async (line) => {
    await chatter.say(line);
    return await chatter.next();
  };
  return { chatter, ask };
}

async function join(port: number, name: string): Promise<Chatter> {
  const { chatter, ask } = await stranger(port);
  const done = await tryLogin(ask, name, name + name, CHAT_LOGIN);
  assertMatch(done ?? "", /^\* AUTH OK /);
  await chatter.expect(
    `* Welcome, ${name}. Commands: /list, /nick <name>, /quit`,
  );
  return chatter;
}

Deno.test("a plain client of the chat meets AUTH_REQUIRED, is not in the room, and may leave", async () => {
  await using chat = await startChat();
  using ana = await join(chat.port, "ana");
  const { chatter, ask } = await stranger(chat.port);
  using _ = chatter;
  const required = "! AUTH_REQUIRED Log in first, as chat --login <name> does";
  for (const line of ["hola", "/list", "/nick bob", "/auth", "/what"]) {
    assertEquals(await ask(line), required, line);
  }
  await ana.say("/list");
  await ana.expect("* 1 connected: ana");
  await chatter.say("", "/quit");
  await chatter.expect("* Goodbye", null);
});

Deno.test("a login's name is one's nickname, for as long as one is there", async () => {
  await using chat = await startChat();
  using ana = await join(chat.port, "ana");
  using bob = await join(chat.port, "bob");
  await ana.expect("* bob joined");
  for (const name of ["ana", "Ana", "carla", "guest-1", "BOB"]) {
    await bob.say(`/nick ${name}`);
    await bob.expect('! You are logged in as "bob", and stay that');
  }
  await bob.say("hola");
  await ana.expect("<bob> hola");
});

Deno.test("who logs in again takes the place of the old connection", async () => {
  await using chat = await startChat();
  using ana = await join(chat.port, "ana");
  using bob = await join(chat.port, "bob");
  await ana.expect("* bob joined");
  using again = await join(chat.port, "bob");
  await bob.expect("! You have logged in again, from elsewhere", null);
  await ana.expect("* bob left", "* bob joined");
  await again.say("/list");
  await again.expect("* 2 connected: ana, bob");
});

Deno.test("in the chat, too: three tries, then the end; a server that stops says so", async () => {
  await using chat = await startChat();
  const { chatter, ask } = await stranger(chat.port);
  using _ = chatter;
  for (const name of ["ana", "bob", "nobody"]) {
    assertEquals(
      await tryLogin(ask, name, "x", CHAT_LOGIN),
      "! AUTH_FAILED Wrong name or password",
    );
  }
  await chatter.expect(null);
  const { chatter: waiting } = await stranger(chat.port);
  using _waiting = waiting;
  const stopped = chat.server.shutdown();
  await waiting.expect("* Server is shutting down");
  await stopped;
});

/** `files` of exercise 8, logging in each time that it connects. */
function clientOf(port: number, name: string, password: string) {
  const connect = loggedIn(Deno.connect, { name, password, words: FILE_LOGIN });
  return fileClient("127.0.0.1", port, { connect });
}

Deno.test("the client logs in again on each connection, and tells a no from a fault", async () => {
  await using files = await startFiles();
  using client = clientOf(files.port, "ana", "anaana");
  assertEquals((await client.list()).kind, "listing");
  client.close();
  assertEquals((await client.list()).kind, "listing");
  assertEquals(files.entries.length, 2);
  using wrong = clientOf(files.port, "ana", "x");
  await assertRejects(
    () => wrong.list(),
    ExerciseError,
    'The server does not let "ana" in: Wrong name or password',
  );
  await using plain = await plainServer({});
  using lost = clientOf(plain.port, "ana", "x");
  await assertRejects(() => lost.list(), ExerciseError, "leave out --login");
});

Deno.test("the client leaves a server that says yes and cannot sign", async () => {
  for (
    const [signature, why] of [
      [
        toWord("v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="),
        "not the server",
      ],
      [toWord("v="), "not the server"],
      ["*", "Unexpected answer"],
    ] as const
  ) {
    await using server = await plainServer({}, {
      AUTH(rest, { send }) {
        const [, nonce] = /r=(.*)/.exec(fromWord(rest.split(" ")[1]!)!)!;
        const challenge = `r=${nonce}x,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096`;
        send(`+ ${toWord(challenge)}\r\n`);
      },
      // The proof, whatever it is.
      "": (_, { send }) => send(`OK ${signature}\r\n`),
    });
    using client = clientOf(server.port, "ana", "anaana");
    await assertRejects(() => client.list(), ProtocolError, why);
    assertEquals(server.heard.length, 2, "it went on");
  }
});

/** `users <file> <words>`, with `input` on a stdin that is no terminal. */
function users(folder: TempFolder, words: string[], input = "") {
  const flags = [`--allow-read=${folder.path}`, `--allow-write=${folder.path}`];
  const script = "exercises/tools/users.ts";
  return runScript(
    ["run", "--no-prompt", ...flags, script, folder.of("u.txt"), ...words],
    { input },
  );
}

Deno.test("users: add, change, list, remove; the file is its owner's, and no password is in it", async () => {
  using folder = new TempFolder();
  const added = await users(folder, ["add", "ana"], "pencil\nmore\n");
  assertEquals(added, { code: 0, stdout: "ana can log in\n", stderr: "" });
  assertEquals(folder.names(), ["u.txt"]);
  const text = new TextDecoder().decode(folder.read("u.txt"));
  assertMatch(text, /^ana \S{24} 600000 \S{44} \S{44}\n$/);
  if (UNIX) {
    assertEquals(Deno.statSync(folder.of("u.txt")).mode! & 0o777, 0o600);
  }
  using reading = Deno.openSync(folder.of("u.txt"));
  const changed = await users(folder, ["add", "Ana"], "pencil\n");
  assertEquals(changed.stdout, "Ana has a new password\n");
  // It was replaced, not written over: who was reading it reads it whole.
  if (UNIX) assertEquals(await new Response(reading.readable).text(), text);
  assertNotEquals(new TextDecoder().decode(folder.read("u.txt")), text);
  const listed = await users(folder, ["list"]);
  assertEquals(listed.stdout, "Ana\n");
  const json = await users(folder, ["list", "--json"]);
  assertEquals(JSON.parse(json.stdout), { name: "Ana", iterations: 600000 });
  assertEquals((await users(folder, ["remove", "ana"])).code, 0);
  assertEquals(folder.read("u.txt").length, 0);
});

Deno.test("users: what is wrong is said, and changes nothing", async () => {
  using folder = new TempFolder();
  folder.write("u.txt", await userText("ana"));
  const before = folder.read("u.txt");
  for (
    const [words, input, code, why] of [
      [["add", "bob"], "", 1, "The password is empty"],
      [["add", "bob"], "a\x07b\n", 1, "has a control character"],
      [["remove", "bob"], "", 1, 'There is no user "bob"'],
      [["add", "a b"], "x\n", 2, "A name is 1 to 20"],
      [["add", "guest-1"], "x\n", 2, "A name is 1 to 20"],
      [["add"], "x\n", 2, "Missing <name>"],
      [["list", "ana"], "", 2, 'Unexpected argument "ana"'],
    ] as const
  ) {
    const result = await users(folder, [...words], input);
    assertEquals([result.code, result.stdout], [code, ""], result.stderr);
    assertStringIncludes(result.stderr, why);
    assertEquals(folder.read("u.txt"), before);
  }
  folder.write("u.txt", "no user\n");
  const { code, stderr } = await users(folder, ["add", "bob"], "x\n");
  assertEquals(code, 1);
  assertStringIncludes(stderr, "is no user file (Line 1 is not a user)");
});

Deno.test({
  name: "a password is asked for, and is never seen",
  ignore: !HAS_TERMINAL,
  async fn() {
    await using files = await startFiles();
    const on = (...words: string[]) =>
      OnTerminal.run([Deno.execPath(), "run", "-A", "main.ts", ...words]);
    const add = on("users", files.folder.of("users.txt"), "add", "carla");
    await add.see("New password of carla: ");
    await add.type("x\x15secX\x7fret\r");
    const shown = [await add.see("The same again: ")];
    await add.type("secret\n");
    const added = await add.end();
    assertEquals(added.code, 0);
    const list = on("files", `127.0.0.1:${files.port}`, "--login", "carla");
    shown.push(added.shown, await list.see("Password of carla: "));
    // What is typed behind it is for the prompt.
    await list.type("secret\rquit\n");
    const listed = await list.end();
    shown.push(listed.shown);
    assertEquals(listed.code, 0);
    assertStringIncludes(listed.shown, "hello.txt");
    assert(!/sec|ret\b/.test(shown.join("")), shown.join(""));
    assertEquals(listed.shown.match(/not encrypted/g)?.length, 1);
    const stopped = on("files", `127.0.0.1:${files.port}`, "--login", "carla");
    await stopped.see("Password of carla: ");
    await stopped.type("\x03");
    assertEquals((await stopped.end()).code, 130);
  },
});

Deno.test("on the command line: servers with --users, clients with --login", async () => {
  using folder = new TempFolder({ "pw": "anaana\r\nmore\n", "f.txt": "f" });
  folder.write("users.txt", await userText("ana"));
  const read = `--allow-read=${folder.path}`;
  const net = `--allow-net=127.0.0.1,${QUIET_HOST}`;
  const run = ["run", "--no-prompt", net, read];
  const options = ["--users", folder.of("users.txt")];
  await using files = await ServerScript.start(
    [
      ...run,
      "exercises/08_file_server.ts",
      "0",
      "--dir",
      folder.path,
      ...options,
    ],
  );
  const login = ["--login", "ana", "--password-file", folder.of("pw")];
  const list = [
    ...run,
    "exercises/08_file_client.ts",
    `127.0.0.1:${files.port}`,
    "list",
  ];
  const plain = await runScript(list);
  assertEquals([plain.code, plain.stdout], [1, ""]);
  assertStringIncludes(plain.stderr, "AUTH_REQUIRED");
  const listed = await runScript([...list, ...login]);
  assertEquals(listed.code, 0, listed.stderr);
  assertMatch(listed.stderr, /^This connection is not encrypted\. .+\n/);
  await using chat = await ServerScript.start(
    [
      ...run,
      "exercises/07_message_server.ts",
      "0",
      "--host",
      QUIET_HOST,
      ...options,
    ],
  );
  const talk = [
    ...run,
    "exercises/07_message_client.ts",
    QUIET_HOST,
    `${chat.port}`,
  ];
  const said = await runScript([...talk, ...login], { input: "/list\n" });
  assertEquals([said.code, said.stdout.split("\n")[1]], [
    0,
    "* 1 connected: ana",
  ]);
  for (
    const [words, code, why] of [
      [["--login", "ana"], 1, "There is no terminal to ask"],
      [[...login, "--name", "bob"], 2, "--name and --login exclude"],
      [login.slice(2), 2, "--password-file needs --login"],
    ] as const
  ) {
    const result = await runScript([...talk, ...words]);
    assertEquals(result.code, code, result.stderr);
    assertStringIncludes(result.stderr, why);
  }
  const missing = await runScript(
    [...run, "exercises/08_file_server.ts", "0", "--users", folder.of("none")],
  );
  assertEquals(missing.code, 1);
  assertMatch(missing.stderr, /There is no user file ".+": make it with/);
});
