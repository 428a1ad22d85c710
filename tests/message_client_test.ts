/** The chat client: both directions, every end. */
import {
  assert,
  assertEquals,
  assertMatch,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import {
  messageClient,
  type MessageClientOptions,
} from "../exercises/07_message_client.ts";
import { messageServer } from "../exercises/07_message_server.ts";
import { ExerciseError } from "../exercises/cli/outcome.ts";
import { LineTooLongError, UnexpectedEndError } from "../protocol/errors.ts";
import { TimeoutError } from "../protocol/transport/deadline.ts";
import { Metrics } from "../servers/metrics.ts";
import { Chatter } from "./support/chatter.ts";
import { figureOf } from "./support/figures.ts";
import { FakeTime } from "./support/fake_time.ts";
import {
  cutMidLine,
  type Fault,
  faultServer,
  halfClose,
  neverEndingLine,
  neverReads,
  resetAfter,
  silent,
  slice,
} from "./support/fault_server.ts";
import { QUIET_HOST } from "./support/network.ts";
import {
  linesOf,
  runScript,
  ServerScript,
  startClient,
} from "./support/script.ts";

/** Where the fault servers listen. */
const FAULT_HOST = "127.0.0.1";
const WELCOME = "* Welcome, guest-1. Commands: /list, /nick <name>, /quit";
const CHAT = [
  "run",
  "--no-prompt",
  `--allow-net=${QUIET_HOST}`,
  "exercises/07_message_client.ts",
  QUIET_HOST,
];
const SERVER = [
  "run",
  "--no-prompt",
  `--allow-net=${QUIET_HOST}`,
  "exercises/07_message_server.ts",
  ...["0", "--host", QUIET_HOST],
];

/** Says these lines, and no more. */
function saying(...lines: string[]) {
  return async function* () {
    yield* lines;
  };
}

/** Says these lines, and then nothing until it is told to stop. */
function sayingThenSilent(...lines: string[]) {
  return async function* (signal: AbortSignal) {
    yield* lines;
    await new Promise((_, reject) => {
      if (signal.aborted) reject(signal.reason);
      signal.addEventListener("abort", () => reject(signal.reason));
    });
  };
}

function chat(
  port: number,
  say: (signal: AbortSignal) => AsyncIterable<string>,
  options: MessageClientOptions = {},
  host = QUIET_HOST,
): Promise<string[]> {
  return Array.fromAsync(messageClient(host, port, say, options));
}

Deno.test("messageClient() says all, hears all, and leaves with /quit", async () => {
  await using server = messageServer(0, { hostname: QUIET_HOST });
  const { port } = server.addr;
  using other = await Chatter.join(port);
  const lines = await chat(port, saying("hola", "/list"), { name: "ana" });
  assertEquals(lines, [
    WELCOME.replace("1", "2"),
    "* guest-2 is now ana",
    "* 2 connected: guest-1, ana",
    "* Goodbye",
  ]);
  await other.expect(
    "* guest-2 joined",
    "* guest-2 is now ana",
    "<ana> hola",
    "* ana left",
  );
});

Deno.test("messageClient() hears others while nothing is said", async () => {
  await using server = messageServer(0, { hostname: QUIET_HOST });
  using other = await Chatter.join(server.addr.port);
  const stop = new AbortController();
  const { signal } = stop;
  const heard: string[] = [];
  const client = messageClient(
    QUIET_HOST,
    server.addr.port,
    sayingThenSilent(),
    {
      signal,
    },
  );
  using time = new FakeTime();
  await time.passUntil((async () => {
    for await (const line of client) {
      heard.push(line);
      if (line.startsWith("* Welcome")) await other.say("are you there?");
      else if (line.startsWith("<guest-1>")) stop.abort();
    }
  })());
  // It was interrupted, and took its leave all the same.
  assertEquals(heard.slice(1), ["<guest-1> are you there?", "* Goodbye"]);
  await other.expect("* guest-2 joined", "* guest-2 left");
});

Deno.test("messageClient() sends no second /quit after one that was typed", async () => {
  await using server = messageServer(0, { hostname: QUIET_HOST });
  const lines = await chat(
    server.addr.port,
    sayingThenSilent("/quit"),
  );
  assertEquals(lines, [WELCOME, "* Goodbye"]);
});

Deno.test("messageClient() says ten thousand lines while as many come back", async () => {
  await using server = messageServer(0, { hostname: QUIET_HOST });
  const { port } = server.addr;
  const mine = Array.from({ length: 10_000 }, (_, i) => `line ${i}`);
  const first = messageClient(QUIET_HOST, port, sayingThenSilent(), {});
  assertEquals((await first.next()).value, WELCOME);
  const talking = chat(port, saying(...mine));
  const heard: string[] = [];
  for await (const line of first) {
    if (line === "* guest-2 left") break;
    heard.push(line);
  }
  await talking;
  assertEquals(heard.slice(1), mine.map((line) => `<guest-2> ${line}`));
});

Deno.test("messageClient() takes the longest line that a server sends", async () => {
  await using server = messageServer(0, { hostname: QUIET_HOST });
  const { port } = server.addr;
  const name = "\u{20000}".repeat(20);
  const text = "x".repeat(4096);
  using other = await Chatter.join(port);
  const stop = new AbortController();
  const client = messageClient(QUIET_HOST, port, sayingThenSilent(), {
    signal: stop.signal,
  });
  const heard: string[] = [];
  using time = new FakeTime();
  await time.passUntil((async () => {
    for await (const line of client) {
      heard.push(line);
      if (heard.length === 1) await other.say(`/nick ${name}`, text);
      else if (line.includes(text)) stop.abort();
    }
  })());
  assertEquals(heard.at(-2), `<${name}> ${text}`);
});

// deno-lint-ignore no-explicit-any
type ErrorClass = new (...args: any[]) => Error;

const FAULTS: [name: string, Fault, ErrorClass, message: string][] = [
  [
    "a server that is full",
    slice("! Server is full\r\n"),
    ExerciseError,
    "The server ended the conversation",
  ],
  ["one that ends", halfClose(), ExerciseError, "ended the conversation"],
  [
    "one that is cut off",
    cutMidLine(`${WELCOME}\r\n* gue`),
    UnexpectedEndError,
    "after 5 bytes",
  ],
  [
    "one that resets",
    resetAfter(`${WELCOME}\r\n`),
    Deno.errors.ConnectionReset,
    "reset",
  ],
  ["a line without end", neverEndingLine(), LineTooLongError, "4179 bytes"],
];

for (const [name, fault, errorClass, message] of FAULTS) {
  Deno.test(`messageClient() meets ${name}: ${errorClass.name}`, async () => {
    await using server = await faultServer(fault);
    const error = await assertRejects(
      () => chat(server.port, sayingThenSilent(), {}, FAULT_HOST),
      errorClass,
    );
    assertStringIncludes(error.message, message);
  });
}

Deno.test("messageClient() calls it no success when nobody heard its /quit", async () => {
  for (const last of ["", "* Server is shutting down\r\n"]) {
    await using server = await faultServer((socket) => {
      socket.write(`${WELCOME}\r\n`);
      socket.once("data", () => socket.end(last));
    });
    await assertRejects(
      () => chat(server.port, saying("hello"), {}, FAULT_HOST),
      ExerciseError,
    );
  }
});

Deno.test("messageClient() calls it no success when it is refused at the end", async () => {
  await using server = await faultServer(slice("! Server is full\r\n"));
  await assertRejects(
    () => chat(server.port, saying("hello"), {}, FAULT_HOST),
    ExerciseError,
  );
});

for (
  const [name, fault] of [["silent", silent()], ["deaf", neverReads()]] as const
) {
  Deno.test(`messageClient() waits for the first word of a ${name} server, but not for ever`, async () => {
    const connected = Promise.withResolvers<void>();
    await using server = await faultServer((socket) => {
      connected.resolve();
      return fault(socket);
    });
    const lines = Array(1000).fill("hello");
    using time = new FakeTime();
    const chatting = chat(server.port, saying(...lines), {}, FAULT_HOST);
    await connected.promise;
    await assertRejects(
      () => time.passUntil(chatting, 500),
      TimeoutError,
      "idle",
    );
  });

  Deno.test(`messageClient() waits for the end of a ${name} server, but not for ever`, async () => {
    await using server = await faultServer((socket) => {
      socket.write(`${WELCOME}\r\n`);
      return fault(socket);
    });
    using time = new FakeTime();
    const options = { timeoutMs: 1000 };
    const chatting = chat(server.port, saying("hi"), options, FAULT_HOST);
    await assertRejects(
      () => time.passUntil(chatting, 100),
      TimeoutError,
      "idle",
    );
  });
}

Deno.test("messageClient() waits for a server that paces what it says", async () => {
  using time = new FakeTime();
  const metrics = new Metrics();
  const pace = { hostname: QUIET_HOST, linesPerSecond: 10, metrics };
  await using server = messageServer(0, pace);
  const lines = Array.from({ length: 15 }, (_, i) => `line ${i}`);
  // Ten are heard at once; the others, and /quit, in 600 ms.
  const options = { timeoutMs: 300 };
  await time.passUntil(chat(server.addr.port, saying(...lines), options), 20);
  const heard = await figureOf(metrics, "tcplab_chat_lines_total");
  assertEquals(heard, lines.length + 1);
});

Deno.test("messageClient() leaves a server that does not read, when interrupted", async () => {
  await using server = await faultServer((socket) => {
    socket.write(`${WELCOME}\r\n`);
    return neverReads()(socket);
  });
  using time = new FakeTime();
  const stop = new AbortController();
  const reason = new DOMException("Ctrl-C", "AbortError");
  async function* shouting() {
    setTimeout(() => stop.abort(reason), 0);
    // More than the kernel takes: the write waits.
    yield "x".repeat(32 * 1024 * 1024);
  }
  const { signal } = stop;
  const chatting = chat(server.port, shouting, { signal }, FAULT_HOST);
  const error = await assertRejects(
    () => time.passUntil(chatting, 100),
    DOMException,
  );
  assertEquals(error, reason);
});

Deno.test("messageClient() takes its leave in the middle of what there is to say", async () => {
  await using server = messageServer(0, { hostname: QUIET_HOST });
  const stop = new AbortController();
  async function* endless() {
    for (let i = 0;; i++) {
      if (i === 10) stop.abort();
      yield `line ${i}`;
      await new Promise((resolve) => setTimeout(resolve, 0));
    }
  }
  const { signal } = stop;
  using time = new FakeTime();
  const lines = await time.passUntil(
    chat(server.addr.port, endless, { signal }),
  );
  assertEquals(lines, [WELCOME, "* Goodbye"]);
});

Deno.test("messageClient() passes on what is wrong with the input", async () => {
  await using server = messageServer(0, { hostname: QUIET_HOST });
  // deno-lint-ignore require-yield
  async function* broken(): AsyncGenerator<string> {
    throw new RangeError("no keyboard");
  }
  await assertRejects(() => chat(server.addr.port, broken), RangeError);
});

Deno.test("chat sends every line of a pipe, prints what comes, and leaves", async () => {
  await using server = await ServerScript.start(SERVER);
  using other = await Chatter.join(server.port);
  const { code, stdout, stderr } = await runScript(
    [...CHAT, `${server.port}`, "--name", "ana"],
    { input: "uno\n\nñ\nlast" },
  );
  assertEquals([code, stderr], [0, ""]);
  assertEquals(
    stdout,
    `${WELCOME.replace("1", "2")}\n* guest-2 is now ana\n* Goodbye\n`,
  );
  await other.expect(
    "* guest-2 joined",
    "* guest-2 is now ana",
    "<ana> uno",
    "<ana> ñ",
    "<ana> last",
    "* ana left",
  );
});

const REFUSED: [what: string, args: string[], input: string, line: string][] = [
  ["its name", ["--name", "GUEST-1"], "hi", '! Nickname "GUEST-1" is reserved'],
  ["a taken name", ["--name", "Ana"], "hi", '! Nickname "Ana" is taken'],
  ["a line", [], `hi\n${"x".repeat(4097)}\nhi`, "! Line is longer than 4096"],
  ["a command", [], "/help", '! Unknown command "/help"'],
];

for (const [what, args, input, line] of REFUSED) {
  Deno.test(`chat says so, and exits 1, when ${what} from a pipe is refused`, async () => {
    await using server = await ServerScript.start(SERVER);
    using other = await Chatter.join(server.port);
    await other.say("/nick ana");
    await other.expect("* guest-1 is now ana");
    const { code, stdout, stderr } = await runScript(
      [...CHAT, `${server.port}`, ...args],
      { input },
    );
    assertStringIncludes(stdout, `\n${line}`);
    assert(stdout.endsWith("\n* Goodbye\n"), stdout);
    assertMatch(stderr, /^chat: The server refused [^\n]+\n$/);
    assertEquals(code, 1);
  });
}

Deno.test("chat ends when the server goes away, with one sentence", async () => {
  await using server = await ServerScript.start(SERVER);
  const client = startClient([...CHAT, `${server.port}`]);
  await server.logged(/ join /);
  await server.stop();
  const { code, stdout, stderr } = await client.output();
  await client.stdin.close().catch(() => {});
  assertEquals(code, 1);
  assertEquals(
    new TextDecoder().decode(stdout),
    `${WELCOME}\n* Server is shutting down\n`,
  );
  assertMatch(
    new TextDecoder().decode(stderr),
    /^chat: The server ended the conversation[^\n]*\n$/,
  );
});

Deno.test({
  name: "chat says /quit when it is interrupted, and exits 130",
  ignore: Deno.build.os === "windows", // There a signal kills.
  fn: async () => {
    await using server = await ServerScript.start(SERVER);
    const client = startClient([...CHAT, `${server.port}`]);
    const stdout = linesOf(client.stdout);
    assertEquals((await stdout.read()).value, WELCOME);
    client.kill("SIGINT");
    assertEquals((await stdout.read()).value, "* Goodbye");
    assertEquals((await stdout.read()).done, true);
    assertEquals(await new Response(client.stderr).text(), "");
    assertEquals((await client.status).code, 130);
    await client.stdin.close().catch(() => {});
    await server.logged(/ leave .* reason=quit$/);
  },
});
