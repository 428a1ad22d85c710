import {
  assert,
  assertEquals,
  assertMatch,
  assertStringIncludes,
} from "@std/assert";
import {
  type ErrorContext,
  explainError,
  formatExplanation,
  notedConnect,
  notedListen,
} from "../exercises/cli/explain_error.ts";
import {
  LineTooLongError,
  ProtocolError,
  UnexpectedEndError,
} from "../protocol/errors.ts";
import { TimeoutError } from "../protocol/transport/deadline.ts";
import { closedPort, HAS_IPV6 } from "./support/network.ts";

const PLACE = { host: "lab.test", port: 7 };
const CONNECTING = { ...PLACE, doing: "connect" } as const;
const LISTENING = { ...PLACE, doing: "listen" } as const;

function sentenceOf(error: unknown, context?: ErrorContext): string {
  return formatExplanation(explainError(error, context));
}

function systemError(code: string, message = `${code} happened`): Error {
  return Object.assign(new Error(message), { code });
}

const { errors } = Deno;

/** Each kind has its own sentence, with a next step behind the colon. */
const CASES: [
  name: string,
  error: unknown,
  says: string,
  next: string,
  context?: ErrorContext,
][] = [
  ["refused", new errors.ConnectionRefused("x"), "refused", "start the server"],
  ["reset", new errors.ConnectionReset("x"), "RST", "log"],
  ["broken pipe", new errors.BrokenPipe("x"), "RST", "log"],
  ["system time-out", new errors.TimedOut("x"), "gave up", "firewall"],
  ["own time-out", new TimeoutError("connect", 500), "500 ms", "--timeout"],
  ["idle", new TimeoutError("idle", 500), "said nothing", "check the port"],
  ["total", new TimeoutError("total", 9), "longer than 9 ms", "--timeout"],
  ["no host route", systemError("EHOSTUNREACH"), "no route", "network"],
  ["no network", systemError("ENETUNREACH"), "no route", "network"],
  [
    "unknown host",
    new Error("failed to lookup address information: x"),
    '"lab.test"',
    "spelling",
  ],
  [
    "unknown host, node",
    systemError("ENOTFOUND", "getaddrinfo ENOTFOUND lab.test"),
    '"lab.test"',
    "spelling",
  ],
  [
    "port taken",
    new errors.AddrInUse("x"),
    "Port 7 is already taken",
    "0 picks",
  ],
  ["not our address", systemError("EADDRNOTAVAIL"), "lab.test", "127.0.0.1"],
  ["no descriptors", systemError("EMFILE"), "Too many open files", "ulimit"],
  ["forbidden", new errors.PermissionDenied("x"), "does not allow", "firewall"],
  [
    "read-only",
    systemError("EROFS", "Read-only file system (os error 30)"),
    "Read-only",
    "another place",
    PLACE,
  ],
  [
    "a file that may not be opened, by a client",
    new errors.PermissionDenied(
      "Permission denied (os error 13): open '/root/x'",
    ),
    "does not allow it (Permission denied: open '/root/x')",
    "look at who owns it",
    PLACE,
  ],
  [
    "a low port",
    new errors.PermissionDenied("Permission denied (os error 13)"),
    "does not allow it (Permission denied)",
    "choose a port from 1024 up",
    LISTENING,
  ],
  [
    "a network that will not",
    new Error("Protocol not available (os error 92)"),
    "lab.test:7 cannot be used (Protocol not available)",
    "network",
  ],
  [
    "a file too large",
    new Error("File too large (os error 27)"),
    "(File too large)",
    "limits",
    PLACE,
  ],
  [
    "a broken disk",
    systemError("EIO", "Input/output error (os error 5): readfile '/a'"),
    "(Input/output error: readfile '/a')",
    "disk",
    PLACE,
  ],
  [
    "an odd address",
    systemError("EINVAL"),
    '"lab.test" cannot be used as an address',
    "zone",
  ],
  ["no IPv6", systemError("EAFNOSUPPORT"), "no addresses", "IPv4"],
  ["long name", systemError("ENAMETOOLONG"), "no name as long", "--output"],
  [
    "closed early",
    new UnexpectedEndError("Input ended after 3 bytes"),
    "closed early",
    "still runs",
  ],
  ["long line", new LineTooLongError(4096), "4096", "right service"],
  [
    "no permission",
    new errors.NotCapable('Requires net access to "lab.test:7", run again'),
    "did not allow",
    "--allow-net=lab.test:7",
  ],
  [
    "no read permission",
    new errors.NotCapable('Requires read access to "shared_files", run again'),
    "did not allow",
    "--allow-read=shared_files",
  ],
];

for (const [name, error, says, next, context = CONNECTING] of CASES) {
  Deno.test(`explainError() has a sentence for ${name}`, () => {
    const explanation = explainError(error, context);
    assertStringIncludes(explanation.what, says);
    assertStringIncludes(explanation.next!, next);
    assertEquals(formatExplanation(explanation).includes("\n"), false);
  });
}

Deno.test("explainError() has a sentence of its own for each kind", () => {
  const sentences = CASES.map(([, error, , , context = CONNECTING]) =>
    sentenceOf(error, context)
  );
  // Three pairs are two names of one thing.
  assertEquals(new Set(sentences).size, sentences.length - 3);
});

Deno.test("explainError() shows no number of the system's, whatever failed", () => {
  for (let errno = 1; errno <= 133; errno++) {
    const error = new Error(`Odd trouble (os error ${errno})`);
    for (const context of [PLACE, CONNECTING, LISTENING, {}]) {
      const { what, next } = explainError(error, context);
      assertMatch(what, /^[\w .:]+ \(Odd trouble\)$/);
      assert(next);
    }
  }
});

Deno.test("what a command calls tells which call has failed, in other words for each", async () => {
  const error = () => systemError("EINVAL", "Invalid argument (os error 22)");
  const options = { hostname: "fe80::1", port: 7 };
  const connect = notedConnect(() => Promise.reject(error()));
  const listen = notedListen(() => {
    throw error();
  });
  const told = [
    await connect(options).catch((error) => explainError(error)),
    await Promise.try(() => listen(options)).catch((error) =>
      explainError(error)
    ),
    explainError(error(), PLACE),
  ].map((explanation) => (explanation as { what: string }).what);
  assertEquals(told, [
    '"fe80::1" cannot be used as an address here',
    '"fe80::1" cannot be used as an address here',
    "The system could not do it (Invalid argument)",
  ]);
});

Deno.test("explainError() understands what Deno throws, for real", async () => {
  using closed = await closedPort();
  const { port } = closed;
  const connect = (hostname: string, port: number) =>
    Deno.connect({ hostname, port }).then(
      (conn) => {
        conn.close();
        return "connected";
      },
      (error) => sentenceOf(error, { host: hostname, port }),
    );
  assertMatch(await connect("127.0.0.1", port), /refused.*: check the port/);
  if (HAS_IPV6) {
    assertMatch(await connect("::1", port), /\[::1\]:\d+ \(connection refused/);
  }
  // The test's own fence: Deno says NotCapable before anything is sent.
  assertStringIncludes(
    await connect("outside.invalid", 80),
    "--allow-net=outside.invalid:80",
  );
});

Deno.test("explainError() names the file that is missing, for real", async () => {
  const nowhere = "/nowhere/at/all";
  const says = (doing: Promise<unknown>) =>
    doing.then(() => "nothing", (error) => sentenceOf(error));
  const sentence =
    `There is no ${nowhere}, or no folder for it: check the path`;
  assertEquals(await says(Deno.open(nowhere)), sentence);
  assertEquals(await says(Deno.rename(nowhere, `${nowhere}2`)), sentence);
});

Deno.test("explainError() falls back to the error's name and message", () => {
  assertEquals(sentenceOf(new TypeError("odd")), "TypeError: odd");
  assertEquals(sentenceOf("odd"), "Something failed: odd");
  assertEquals(
    sentenceOf(new ProtocolError("Bad word")).includes("(bad word)"),
    true,
  );
});
