import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { explainError } from "../exercises/cli/explain_error.ts";
import {
  LineTooLongError,
  ProtocolError,
  UnexpectedEndError,
} from "../protocol/errors.ts";
import { TimeoutError } from "../protocol/transport/deadline.ts";
import { closedPort, HAS_IPV6 } from "./support/network.ts";

const HERE = { host: "lab.test", port: 7 };

function systemError(code: string, message = `${code} happened`): Error {
  return Object.assign(new Error(message), { code });
}

const { errors } = Deno;

/** Each kind has its own sentence, with a next step behind the colon. */
const CASES: [name: string, error: unknown, says: string, next: string][] = [
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
  ["read-only", systemError("EROFS"), "read-only", "another place"],
  [
    "a file that may not be opened, by a client",
    new errors.PermissionDenied(
      "Permission denied (os error 13): open '/root/x'",
    ),
    "does not allow",
    "look at who owns it",
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

for (const [name, error, says, next] of CASES) {
  Deno.test(`explainError() has a sentence for ${name}`, () => {
    const sentence = explainError(error, HERE);
    const [before = "", ...after] = sentence.split(/: (?=[a-z])/);
    assertStringIncludes(before, says);
    assertStringIncludes(after.join(": "), next);
    assertEquals(sentence.includes("\n"), false);
  });
}

Deno.test("explainError() has other advice for who listens on a low port", () => {
  const error = new errors.PermissionDenied("x");
  const sentence = explainError(error, { ...HERE, listens: true });
  assertStringIncludes(sentence, "choose a port from 1024 up");
});

Deno.test("explainError() has a sentence of its own for each kind", () => {
  const sentences = CASES.map(([, error]) => explainError(error, HERE));
  // Three pairs are two names of one thing.
  assertEquals(new Set(sentences).size, sentences.length - 3);
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
      (error) => explainError(error, { host: hostname, port }),
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
    doing.then(() => "nothing", (error) => explainError(error));
  const sentence =
    `There is no ${nowhere}, or no folder for it: check the path`;
  assertEquals(await says(Deno.open(nowhere)), sentence);
  assertEquals(await says(Deno.rename(nowhere, `${nowhere}2`)), sentence);
});

Deno.test("explainError() falls back to the error's name and message", () => {
  assertEquals(explainError(new TypeError("odd")), "TypeError: odd");
  assertEquals(explainError("odd"), "Something failed: odd");
  assertEquals(
    explainError(new ProtocolError("Bad word")).includes("(bad word)"),
    true,
  );
});
