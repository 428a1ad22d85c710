/** The page's server: who may use it, what it runs, and what it tells of that. */
import {
  assert,
  assertEquals,
  assertMatch,
  assertStringIncludes,
} from "@std/assert";
import { catalogue, commands } from "../exercises/catalogue.ts";
import { tableOf } from "../exercises/cli/command_spec.ts";
import { host, port, text } from "../exercises/cli/parameters.ts";
import { EventLog } from "../exercises/tools/web/event_log.ts";
import { formOf, offered } from "../exercises/tools/web/forms.ts";
import { guard } from "../exercises/tools/web/guard.ts";
import { orderOf } from "../exercises/tools/web/orders.ts";
import { Outbox, type Piece } from "../exercises/tools/web/run_outbox.ts";
import { MAX_RUNS, Run, Runs } from "../exercises/tools/web/runs.ts";
import { RunInput } from "../exercises/tools/web/stand_ins.ts";
import { closedPort, connectTo, readToEnd } from "./support/network.ts";
import { streamOfLines, Visitor } from "./support/page_visitor.ts";
import { linesOf, startClient } from "./support/script.ts";

const TOKEN = "0123-abcd";

const GUARDED: [
  headers: Record<string, string>,
  path: string,
  wanted: number,
][] = [
  [{ host: "127.0.0.1:8080" }, "/", 0],
  [{ host: "localhost:8080" }, "/style.css", 0],
  [{ host: "127.0.0.1:8080" }, "/apiary.js", 0],
  [{}, "/", 421],
  [{ host: "127.0.0.1" }, "/", 421],
  [{ host: "127.0.0.1:80" }, "/", 421],
  [{ host: "127.0.0.1:8080.evil.example" }, "/", 421],
  [{ host: "evil.example:8080" }, "/", 421],
  [{ host: "[::1]:8080" }, "/", 421],
  [{ host: "127.0.0.1:8080", origin: "http://127.0.0.1:8080" }, "/", 0],
  [{ host: "127.0.0.1:8080", origin: "http://localhost:8080" }, "/", 403],
  [{ host: "127.0.0.1:8080", origin: "https://127.0.0.1:8080" }, "/", 403],
  [{ host: "127.0.0.1:8080", origin: "http://127.0.0.1:8081" }, "/", 403],
  [{ host: "127.0.0.1:8080", origin: "null" }, "/", 403],
  [{ host: "127.0.0.1:8080" }, "/api/runs", 401],
  [{ host: "127.0.0.1:8080" }, "/api", 401],
  [{ host: "127.0.0.1:8080" }, "/api/nothing", 401],
  [{ host: "127.0.0.1:8080", authorization: TOKEN }, "/api/runs", 401],
  [{ host: "127.0.0.1:8080", authorization: "Bearer " }, "/api/runs", 401],
  [
    { host: "127.0.0.1:8080", authorization: `Bearer ${TOKEN}x` },
    "/api/runs",
    401,
  ],
  [
    { host: "127.0.0.1:8080", authorization: `Bearer ${TOKEN}` },
    "/api/runs",
    0,
  ],
  // In that order, whatever else is right.
  [{ host: "evil.example", authorization: `Bearer ${TOKEN}` }, "/api", 421],
  [{ host: "127.0.0.1:8080", origin: "http://evil.example" }, "/api", 403],
];

for (const [headers, path, wanted] of GUARDED) {
  const words = Object.entries(headers).map((pair) => pair.join(": "));
  Deno.test(`guard: ${path} with ${words.join(", ") || "nothing"}: ${wanted}`, () => {
    // A Request has no Host of its own.
    const request = {
      url: `http://127.0.0.1:8080${path}`,
      headers: new Headers(headers),
    } as Request;
    const refused = guard(request, { port: 8080, token: TOKEN });
    assertEquals(refused?.status ?? 0, wanted);
  });
}

Deno.test("guard: on port 80 a browser writes no port", () => {
  const request = {
    url: "http://127.0.0.1/",
    headers: new Headers({ host: "127.0.0.1", origin: "http://127.0.0.1" }),
  } as Request;
  assertEquals(guard(request, { port: 80, token: TOKEN }), null);
});

/** What a program that is no browser gets, and may say for a Host. */
async function rawRequest(port: number, lines: string[]): Promise<string> {
  using conn = await connectTo(port);
  const body = '{"command":"daytimeserver"}';
  const head = [
    "POST /api/runs HTTP/1.1",
    "Content-Type: application/json",
    "Connection: close",
    `Content-Length: ${body.length}`,
    ...lines,
  ];
  await conn.write(
    new TextEncoder().encode(`${head.join("\r\n")}\r\n\r\n${body}`),
  );
  return (await readToEnd(conn)).split("\r\n")[0]!;
}

Deno.test("another Host, another Origin, no token: 421, 403, 401, and nothing is started", async () => {
  await using visitor = new Visitor();
  const { port, token } = visitor.page;
  const right = [`Host: 127.0.0.1:${port}`, `Authorization: Bearer ${token}`];
  const cases: [lines: string[], status: string][] = [
    [["Host: evil.example", right[1]!], "421"],
    [[...right, "Origin: http://evil.example"], "403"],
    [[right[0]!], "401"],
  ];
  for (const [lines, status] of cases) {
    assertStringIncludes(await rawRequest(port, lines), ` ${status} `);
  }
  assertEquals(await (await visitor.fetch("/api/runs")).json(), []);
  assertStringIncludes(await rawRequest(port, right), " 201 ");
});

Deno.test("every answer forbids what is inline, from elsewhere, framed or kept", async () => {
  await using visitor = new Visitor();
  for (const path of ["/", "/nothing.js", "/api/commands", "/api/nothing"]) {
    const { headers, body } = await visitor.fetch(path);
    await body?.cancel();
    const policy = headers.get("content-security-policy") ?? "";
    assertStringIncludes(policy, "default-src 'self'", path);
    assertStringIncludes(policy, "frame-ancestors 'none'");
    assertEquals(headers.get("x-content-type-options"), "nosniff");
    assertEquals(headers.get("cache-control"), "no-store");
    assertEquals(headers.get("access-control-allow-origin"), null);
  }
});

Deno.test("the page is served, and no other file", async () => {
  await using visitor = new Visitor();
  const index = await visitor.fetch("/");
  assertEquals(index.headers.get("content-type"), "text/html; charset=utf-8");
  assertMatch(await index.text(), /^<!doctype html>/i);
  const others = [
    "/guard.ts",
    "/%2e%2e/guard.ts",
    "/..%2fguard.ts",
    "/..%2f..%2f..%2f..%2f.github%2fdemo.svg",
    "/index.html/",
    "//etc/passwd",
    "/constructor",
    "/x.constructor",
    `/${"x".repeat(5000)}.js`,
  ];
  for (const path of others) {
    const { status, body } = await visitor.fetch(path);
    await body?.cancel();
    assertEquals(status, 404, path);
  }
  const { status, body } = await visitor.fetch("/", { method: "POST" });
  await body?.cancel();
  assertEquals(status, 405);
});

Deno.test("what is no request of the page: 404, 405, 409, 413, 415, 400", async () => {
  await using visitor = new Visitor();
  const json = { "content-type": "application/json" };
  const form = { "content-type": "text/plain" };
  const long = JSON.stringify({ command: "x".repeat(64 * 1024) });
  const { run } = await visitor.serve("daytimeserver");
  const cases: [method: string, path: string, RequestInit, status: number][] = [
    ["GET", "/api/nothing", {}, 404],
    ["GET", "/api/runs/9/diagram.svg", {}, 404],
    ["GET", "/api/runs/1/nothing", {}, 404],
    ["GET", "/api/runs/1/diagram.exe", {}, 404],
    ["GET", "/api/runs/1/stop/more", {}, 404],
    ["GET", "/api/events?after=x", {}, 400],
    ["POST", "/api/events", {}, 405],
    ["POST", "/api/commands", {}, 405],
    ["DELETE", "/api/runs", {}, 405],
    ["GET", "/api/runs/1/stop", {}, 405],
    ["DELETE", "/api/runs/1", {}, 409],
    ["POST", "/api/runs/1/faults", { headers: json, body: "{}" }, 409],
    ["POST", "/api/runs", { headers: form, body: "{}" }, 415],
    ["POST", "/api/runs", { headers: json, body: long }, 413],
    ["POST", "/api/runs", { headers: json, body: "{" }, 400],
    ["POST", "/api/runs", { headers: json, body: "[]" }, 400],
    ["POST", "/api/runs", { headers: json, body: '{"command":1}' }, 400],
    ["POST", "/api/runs", { headers: json, body: '{"command":"menu"}' }, 400],
    ["POST", "/api/runs/1/input", { headers: json, body: "{}" }, 400],
  ];
  for (const [method, path, init, wanted] of cases) {
    const { status, body } = await visitor.fetch(path, { ...init, method });
    await body?.cancel();
    assertEquals(status, wanted, `${method} ${path} ${init.body}`);
  }
  assertEquals(await run.stop(), 0);
  const { status } = await visitor.fetch("/api/runs/1", { method: "DELETE" });
  assertEquals(status, 204);
  assertEquals(await (await visitor.fetch("/api/runs")).json(), []);
});

Deno.test("a form has every field of its row: a new exercise appears by itself", () => {
  const { quiz } = tableOf({
    quiz: {
      file: "exercises/11_quiz.ts",
      load: catalogue[0]!.load,
      title: "ask",
      arguments: { host: host("whom"), port: port("where", "9") },
      options: { text: text("what", { fallback: "hi" }) },
      examples: [],
    },
  });
  const form = formOf(quiz);
  assertEquals([form.name, form.exercise], ["quiz", 11]);
  assertEquals(
    form.arguments.map(({ name, about, default: usual, required, host }) => [
      name,
      about,
      usual,
      required,
      host,
    ]),
    [["host", "whom", null, true, true], ["port", "where", "9", false, false]],
  );
  assertEquals(form.options.map(({ name }) => name), ["text", "tls", "ca"]);
});

Deno.test("what needs a terminal, or what the page does itself, is on no form", () => {
  const forms = offered(catalogue).map(formOf);
  const names = forms.map(({ name }) => name);
  const others = catalogue.filter(({ name }) => !names.includes(name));
  assertEquals(others.map(({ name }) => name), [
    "users",
    "web",
    "menu",
    "completions",
  ]);
  const options = new Set(
    forms.flatMap(({ options }) => options.map(({ name }) => name)),
  );
  for (
    const name of [
      "trace",
      "diagram",
      "password-file",
      "sealed",
      "workers",
      "nats",
    ]
  ) {
    assertEquals(options.has(name), false, name);
  }
});

Deno.test("every field that takes a host is known for one", () => {
  for (const form of offered(catalogue).map(formOf)) {
    for (
      const { name, placeholder, about, host } of [
        ...form.arguments,
        ...form.options,
      ]
    ) {
      const looksLikeOne = /address|host/.test(`${placeholder} ${about}`) &&
          !/port/.test(name) || name === "host";
      if (looksLikeOne) assert(host, `${form.name} ${name}: ${about}`);
    }
  }
});

type Given = Partial<Omit<Parameters<typeof orderOf>[1], "command">>;

function filled(command: string, given: Given) {
  return { command, arguments: {}, options: {}, rest: [], ...given };
}

const ORDERS: [command: keyof typeof commands, Given, line: string][] = [
  ["server", {}, "server"],
  [
    "server",
    { arguments: { port: "0" }, options: { quiet: true } },
    "server --quiet 0",
  ],
  [
    "server",
    { options: { idle: "5000", json: true, host: "" } },
    "server --json",
  ],
  ["echo", { arguments: { host: "::1", port: "" } }, "echo ::1"],
  ["echo", { arguments: { host: "[::1]:7" } }, "echo '[::1]:7'"],
  [
    "files",
    { arguments: { host: "localhost", action: "list" } },
    "files localhost 9100 list",
  ],
  [
    "files",
    {
      arguments: { host: "localhost:9", port: "", action: "get" },
      rest: ["a b"],
    },
    "files localhost:9 get 'a b'",
  ],
  [
    "files",
    { arguments: { host: "localhost", action: "get" }, rest: ["--force"] },
    "files -- localhost 9100 get --force",
  ],
  [
    "proxy",
    {
      arguments: { port: "0", host: "localhost", "host-port": "7" },
      options: { down: "slice=1,gap=20", both: "" },
    },
    "proxy --down=slice=1,gap=20 0 localhost 7",
  ],
  ["demo", { options: { fast: true } }, "demo --fast"],
];

for (const [command, given, line] of ORDERS) {
  Deno.test(`a form as a command line: ${line}`, () => {
    const checked = orderOf(commands[command], filled(command, given));
    assert("order" in checked);
    assertEquals(checked.order.line, `tcplab ${line}`);
  });
}

const WRONG: [command: keyof typeof commands, Given, Record<string, string>][] =
  [
    ["echo", {}, { host: "Missing <host>" }],
    [
      "echo",
      { arguments: { host: "http://x", port: "0" } },
      {
        host: 'Expected a host name or an IPv4 or IPv6 address, got "http://x"',
        port: 'Expected a port from 1 to 65535, got "0"',
      },
    ],
    [
      "server",
      { options: { idle: "x", nope: "1", quiet: "yes", total: true } },
      {
        idle: 'Expected a time in ms from 1 to 2147483647, got "x"',
        nope: "Unknown option --nope",
        quiet: "Option --quiet takes no value",
        total: "Option --total needs a value",
      },
    ],
    // Two fields together.
    ["server", { options: { tls: true } }, {
      "":
        "Option --tls needs --cert and --key (tcplab certificate writes both)",
    }],
    ["echo", { arguments: { host: "localhost:80", port: "7" } }, {
      "": "Expected one port, got 80 and 7",
    }],
    // Neither what asks for a secret nor what writes a file can be smuggled in.
    [
      "chat",
      { arguments: { host: "::1" }, options: { "password-file": "x" } },
      {
        "password-file": "Unknown option --password-file",
      },
    ],
    ["check", { arguments: { role: "echoserver" } }, {
      "host:port":
        "Expected a server that runs, or --listen: the page starts no program",
    }],
    ["check", { arguments: { role: "echoserver" }, rest: ["--", "sh"] }, {
      "": 'Unexpected argument "--"',
    }],
    ["check", { arguments: { role: "echoserver" }, rest: ["--diagram=x"] }, {
      "": 'Unexpected argument "--diagram=x"',
    }],
  ];

for (const [command, given, errors] of WRONG) {
  Deno.test(`a form that is wrong: ${command} ${JSON.stringify(given)}`, () => {
    const checked = orderOf(commands[command], filled(command, given));
    assertEquals(checked, { errors });
  });
}

const FAR: [command: keyof typeof commands, Given, field: string | null][] = [
  ["echo", { arguments: { host: "localhost" } }, null],
  ["echo", { arguments: { host: "127.8.8.8" } }, null],
  ["echo", { arguments: { host: "::1" } }, null],
  ["echo", { arguments: { host: "[::1]:7" } }, null],
  ["echo", { arguments: { host: "LOCALHOST:7" } }, null],
  ["echo", { arguments: { host: "example.org" } }, "host"],
  ["echo", { arguments: { host: "127.0.0.1.example.org" } }, "host"],
  ["echo", { arguments: { host: "localhost.example.org:7" } }, "host"],
  ["echo", { arguments: { host: "10.0.0.1" } }, "host"],
  ["echo", { arguments: { host: "0.0.0.0" } }, "host"],
  ["echo", { arguments: { host: "::" } }, "host"],
  ["server", { options: { host: "0.0.0.0" } }, "host"],
  ["server", {}, null],
  [
    "proxy",
    {
      arguments: { port: "0", host: "localhost", "host-port": "7" },
      options: { listen: "::" },
    },
    "listen",
  ],
  [
    "proxy",
    { arguments: { port: "0", host: "192.0.2.1", "host-port": "7" } },
    "host",
  ],
  ["diagnostics", { rest: ["localhost", "127.0.0.1:80", "[::1]:80"] }, null],
  ["diagnostics", { rest: ["localhost", "example.org"] }, "host[:port]"],
  [
    "check",
    { arguments: { role: "echoserver" }, rest: ["127.0.0.1", "7007"] },
    null,
  ],
  [
    "check",
    { arguments: { role: "echoserver" }, rest: ["example.org:7"] },
    "host:port",
  ],
];

for (const [command, given, field] of FAR) {
  Deno.test(`another host? ${command} ${JSON.stringify(given)}: ${field}`, () => {
    const checked = orderOf(commands[command], filled(command, given));
    assert("far" in checked, JSON.stringify(checked));
    assertEquals(Object.keys(checked.far), field === null ? [] : [field]);
  });
}

Deno.test("another host is refused unless the terminal has allowed it", async () => {
  using held = await closedPort();
  const fields = {
    arguments: { host: "198.51.100.1", ports: `${held.port}` },
    options: { timeout: "1" },
  };
  await using visitor = new Visitor();
  const [status, { errors }] = await visitor.order("scan", fields);
  assertEquals(status, 403);
  assertStringIncludes(errors.host, "--allow-remote");
  assertEquals(await (await visitor.fetch("/api/runs")).json(), []);
});

Deno.test("a server and its client: what is typed, written, traced and drawn", async () => {
  await using visitor = new Visitor();
  const { run: server, port } = await visitor.serve("echoserver");
  const client = await visitor.start("echo", {
    arguments: { host: "127.0.0.1", port },
  });
  assertEquals(client.line, `tcplab echo 127.0.0.1 ${port}`);
  await client.post("input", { text: "señal 1" });
  await client.until(({ text }) => text?.includes("identical"));
  await client.post("input", { end: true });
  assertEquals(await client.ended(), 0);
  assertEquals(client.textOf("out"), "señal 1\n");
  assertEquals(client.traced, [
    "connect",
    "data",
    "data",
    "fin",
    "fin",
    "close",
  ]);
  assertEquals(
    client.seen.map(({ seq }) => seq),
    client.seen.map((_, i) => i + 1),
  );
  await server.until(({ text }) => text?.includes("disconnect"));
  assertEquals(await server.stop(), 0);
  assertEquals(server.traced, ["accept", "data", "data", "fin", "close"]);
  // Drawn from what was traced, by the code of --diagram.
  const drawn = await client.diagram("txt");
  assertMatch(drawn, /"señal 1\\r\\n" 10 bytes/);
  assertMatch(await client.diagram("svg"), /^<svg /);
  assertMatch(await client.diagram("html"), /^<!doctype html>/);
  assertMatch(await server.diagram("mmd"), /^sequenceDiagram/);
});

/** What fills the forms of the clients that ask for more than host and port. */
const MORE: Record<string, Record<string, string>> = {
  scan: { ports: "1" },
  files: { action: "list" },
};

for (const row of offered(catalogue)) {
  const { name, tryWith } = row;
  if (tryWith === undefined || row.listens) continue;
  Deno.test(`${name} runs from its form against ${tryWith}, and is traced`, async () => {
    await using visitor = new Visitor();
    const { run: server, port } = await visitor.serve(tryWith);
    const client = await visitor.start(name, {
      arguments: { host: "127.0.0.1", port, ...MORE[name] },
    });
    if (row.reads) await client.post("input", { end: true });
    assertEquals(await client.ended(), 0, client.textOf("err"));
    assert(client.traced.includes("connect"), `${client.traced}`);
    assertEquals(await server.stop(), 0);
  });
}

Deno.test("a proxy shows both of its sides, and its faults are switched while it runs", async () => {
  await using visitor = new Visitor();
  const { port } = await visitor.serve("echoserver");
  const { run: proxy, port: through } = await visitor.serve("proxy", {
    arguments: { host: "127.0.0.1", "host-port": port },
  });
  const echo = async () => {
    const client = await visitor.start("echo", {
      arguments: { host: "127.0.0.1", port: through },
    });
    await client.post("input", { text: "hola" });
    await client.post("input", { end: true });
    return { client, code: await client.ended() };
  };
  assertEquals((await echo()).code, 0);
  await proxy.until(({ event }) => event?.kind === "close");
  await proxy.until(({ event }) => event?.kind === "close");
  const roles = new Set(
    proxy.seen.flatMap(({ event }) => event ? [event.role] : []),
  );
  assertEquals([...roles].sort(), ["client", "server"]);

  const wrong = await visitor.post(`/api/runs/${proxy.id}/faults`, {
    up: "slice=0",
    down: "nope=1",
  });
  assertEquals(wrong.status, 400);
  assertEquals(Object.keys((await wrong.json()).errors), ["up", "down"]);
  assertEquals(await proxy.post("faults", { down: "corrupt=0" }), 204);
  const { client, code } = await echo();
  assertEquals(code, 1, client.textOf("err"));
  assertStringIncludes(client.textOf("err"), "DIFFERENT");
  assertEquals(await proxy.post("faults", {}), 204);
  assertEquals((await echo()).code, 0);
});

Deno.test("a fault that stands is switched off and on for a connection that stands", async () => {
  await using visitor = new Visitor();
  const { port } = await visitor.serve("echoserver");
  const { run: proxy, port: through } = await visitor.serve("proxy", {
    arguments: { host: "127.0.0.1", "host-port": port },
    options: { down: "slice=1" },
  });
  const client = await visitor.start("echo", {
    arguments: { host: "127.0.0.1", port: through },
  });
  /** In how many writes the proxy passes a line back. */
  const writes = async () => {
    await client.post("input", { text: "abcdefgh" });
    let [count, bytes] = [0, 0];
    while (bytes < 10) {
      const { event } = await proxy.until(({ event }) =>
        event?.kind === "data" && event.role === "server" && event.dir === "<-"
      );
      count++;
      bytes += event.bytes;
    }
    return count;
  };
  assertEquals(await writes(), 10);
  await proxy.post("faults", { down: "" });
  assertEquals(await writes(), 1);
  await proxy.post("faults", { down: "slice=1" });
  assertEquals(await writes(), 10);
});

Deno.test("check grades a server that runs already, and its stages are traced", async () => {
  await using visitor = new Visitor();
  const { port } = await visitor.serve("echoserver");
  const check = await visitor.start("check", {
    arguments: { role: "echoserver" },
    rest: [`127.0.0.1:${port}`],
    options: { only: "second-line", lang: "en" },
  });
  assertEquals(await check.ended(), 0, check.textOf("err"));
  assertMatch(check.textOf("out"), /^ok .*comes back/);
  assert(check.traced.filter((kind) => kind === "connect").length >= 1);
});

Deno.test("of what check has done, the exchange in which it found a bug is drawn", async () => {
  await using visitor = new Visitor();
  const { port } = await visitor.serve("daytimeserver");
  const check = await visitor.start("check", {
    arguments: { role: "echoserver" },
    rest: [`127.0.0.1:${port}`],
  });
  assertEquals(await check.ended(), 1, check.textOf("err"));
  const all = check.traced.filter((kind) => kind === "connect").length;
  const [, drawn] = /^check: (\d+) connection/.exec(
    await check.diagram("txt"),
  )!;
  assert(Number(drawn) < all, `${drawn} of ${all} connections`);
});

Deno.test("check waits for a client at a port of its own, and says what to type", async () => {
  await using visitor = new Visitor();
  const check = await visitor.start("check", {
    arguments: { role: "chat" },
    options: { listen: "0", lang: "en" },
  });
  await check.until(({ kind }) => kind === "err");
  assertEquals(await check.stop(), 130);
});

Deno.test("a failure is told in the words of the terminal, with its exit code", async () => {
  using held = await closedPort();
  await using visitor = new Visitor();
  const run = await visitor.start("client", {
    arguments: { host: "127.0.0.1", port: `${held.port}` },
  });
  assertEquals(await run.ended(), 1);
  assertStringIncludes(run.textOf("err"), "(connection refused)");
  assertEquals(run.traced, ["refused"]);
});

Deno.test("so many run at once, and no more; the page's end is the end of all, in order", async () => {
  await using visitor = new Visitor();
  const servers = await Promise.all(
    Array.from({ length: MAX_RUNS }, () => visitor.serve("daytimeserver")),
  );
  const [status, { errors }] = await visitor.order("daytimeserver");
  assertEquals([status, Object.keys(errors)], [429, [""]]);
  await servers[0]!.run.stop();
  const [again, { id }] = await visitor.order("daytimeserver", {
    arguments: { port: "0" },
  });
  assertEquals([again, id], [201, `${MAX_RUNS + 1}`]);
  const codes = servers.slice(1).map(({ run }) => run.ended());
  visitor.close();
  assertEquals(await Promise.all(codes), codes.map(() => 0));
});

/** A worker that tells what a test says, and never ends by itself. */
class FakeWorker {
  onmessage: ((event: MessageEvent) => void) | null = null;
  onerror: ((event: ErrorEvent) => void) | null = null;
  readonly posted: unknown[] = [];
  terminated = false;
  postMessage(message: unknown): void {
    this.posted.push(message);
  }
  terminate(): void {
    this.terminated = true;
  }
  tell(...pieces: Piece[]): void {
    this.onmessage?.(new MessageEvent("message", { data: pieces }));
  }
}

const ORDER = { command: "scan", words: ["::1"], line: "tcplab scan ::1" };

/** All that the log has now. */
async function linesIn(log: EventLog, after = 0): Promise<string[]> {
  const lines: string[] = [];
  const place = log.placeAfter(after);
  for (;;) {
    const stop = new AbortController();
    const read = log.read(place, stop.signal);
    stop.abort(); // What there is it has by now.
    const text = await read;
    if (text === null) return lines;
    lines.push(...text.trimEnd().split("\n"));
  }
}

Deno.test("a run that does not stop is ended", async () => {
  const worker = new FakeWorker();
  const run = new Run("1", ORDER, worker);
  await run.stop(0);
  assertEquals(worker.posted.slice(1), ["stop"]);
  assertEquals([worker.terminated, run.code], [true, 130]);
  const lines = await linesIn(run.log);
  assertStringIncludes(lines[0]!, "did not stop");
  assertMatch(lines[1]!, /"kind":"end","code":130/);
});

Deno.test("a worker that breaks ends its run, and not the page", async () => {
  const worker = new FakeWorker();
  const run = new Run("1", ORDER, worker);
  worker.onerror!(new ErrorEvent("error", { message: "out of memory" }));
  assertEquals([worker.terminated, run.code], [true, 1]);
  assertStringIncludes((await linesIn(run.log))[0]!, "out of memory");
});

Deno.test("of the runs that have ended the newest are kept", () => {
  const runs = new Runs();
  for (let i = 0; i < 3 * MAX_RUNS; i++) {
    const worker = new FakeWorker();
    runs.start(ORDER, worker);
    worker.tell({ kind: "end", code: 0 });
  }
  assertEquals(runs.all.length, MAX_RUNS + 1);
  assertEquals(runs.all.at(-1)!.id, `${3 * MAX_RUNS}`);
});

const event = { t: 1, conn: 1, role: "client", dir: "->", kind: "data" };

Deno.test("the newest of a long run are kept, and who comes late is told what was lost", async () => {
  const log = new EventLog("1");
  for (let i = 0; i < 12_000; i++) log.add({ kind: "trace", event });
  for (let i = 0; i < 3000; i++) log.add({ kind: "out", text: `${i}` });
  log.add({ kind: "end", code: 0 });
  const lines = (await linesIn(log)).map((line) => JSON.parse(line));
  const dropped = lines.filter(({ kind }) => kind === "dropped");
  assertEquals(dropped.map(({ what, count }) => [what, count]), [
    ["trace", 2000],
    ["text", 1001],
  ]);
  assertEquals(lines.length - dropped.length, 12_000);
  assertEquals(lines.at(-1).seq, 15_001);
  // Who was there is told nothing twice.
  const rest = (await linesIn(log, 14_999)).map((line) => JSON.parse(line).seq);
  assertEquals(rest, [15_000, 15_001]);
});

Deno.test("many large events are bounded by their size", async () => {
  const log = new EventLog("1");
  const text = "x".repeat(64 * 1024);
  for (let i = 0; i < 1000; i++) log.add({ kind: "out", text });
  const size = (await linesIn(log)).join("").length;
  assert(size < 5 * 1024 * 1024, `${size}`);
});

Deno.test("one batch is on its way at a time; what does not fit is counted where it was", async () => {
  const posted: Piece[][] = [];
  const outbox = new Outbox((pieces) => posted.push(pieces));
  const trace = { ...event, peer: "x" } as Extract<
    Piece,
    { kind: "trace" }
  >["event"];
  outbox.push({ kind: "out", text: "a" });
  outbox.push({ kind: "out", text: "b" });
  outbox.push({ kind: "err", text: "c" });
  for (let i = 0; i < 10_500; i++) outbox.push({ kind: "trace", event: trace });
  outbox.push({ kind: "out", text: "d" });
  outbox.push({ kind: "end", code: 0 });
  await new Promise((resolve) => setImmediate(resolve));
  assertEquals(posted.length, 1);
  while (posted.at(-1)!.at(-1)!.kind !== "end") outbox.arrived();
  assert(posted.length > 10, `${posted.length}`);
  const told = posted.flat();
  assertEquals(told.slice(0, 2), [
    { kind: "out", text: "ab" },
    { kind: "err", text: "c" },
  ]);
  assertEquals(told.filter(({ kind }) => kind === "trace").length, 10_000);
  assertEquals(told.slice(-3), [
    { kind: "dropped", count: 500, what: "trace" },
    { kind: "out", text: "d" },
    { kind: "end", code: 0 },
  ]);
});

Deno.test("who writes faster than the page reads waits, if it can", async () => {
  const outbox = new Outbox(() => {});
  outbox.push({ kind: "out", text: "x".repeat(2 * 1024 * 1024) });
  let isThere = false;
  const room = outbox.room().then(() => isThere = true);
  await Promise.resolve();
  assertEquals(isThere, false);
  await new Promise((resolve) => setImmediate(resolve)); // It was sent.
  await room;
});

Deno.test("what is typed is read in pieces of any size, and its end is the end", async () => {
  const input = new RunInput();
  const read = input.read(new Uint8Array(3));
  input.put("hola\n");
  assertEquals(await read, 3);
  const rest = new Uint8Array(10);
  assertEquals(await input.read(rest), 2);
  assertEquals(new TextDecoder().decode(rest.subarray(0, 2)), "a\n");
  input.put(null);
  input.put("late");
  assertEquals(await input.read(rest), null);
  assertEquals(await input.read(rest), null);
});

/** `tcplab web 0`, with the address and the token that it prints. */
async function startWeb(...permissions: string[]) {
  const program = ["main.ts", "web", "0"];
  const child = startClient(["run", "--no-prompt", ...permissions, ...program]);
  await child.stdin.close();
  const lines = linesOf(child.stdout);
  const { value = "" } = await lines.read();
  const [, url = "", token = ""] =
    /^The page: (http:\/\/127\.0\.0\.1:\d+\/)#([\w-]{36})$/.exec(value) ?? [];
  return { child, lines, url, token };
}

Deno.test("tcplab web prints where the page is, and exits 0 when it is told to stop", async () => {
  const { child, lines, url, token } = await startWeb(
    "--allow-net=127.0.0.1",
    "--allow-read=.",
  );
  const headers = {
    authorization: `Bearer ${token}`,
    "content-type": "application/json",
  };
  const body = JSON.stringify({
    command: "daytimeserver",
    arguments: { port: "0" },
  });
  const run = await fetch(`${url}api/runs`, { method: "POST", headers, body });
  assertEquals(run.status, 201);
  await run.body?.cancel();
  const events = await fetch(`${url}api/events`, { headers });
  const told = linesOf(events.body!);
  assertEquals((await told.read()).value, ""); // Before there is anything.
  assertStringIncludes((await told.read()).value ?? "", "Listening on");
  child.kill("SIGTERM");
  assertMatch((await told.read()).value ?? "", /"kind":"end","code":0/);
  assertEquals((await told.read()).done, true);
  await lines.cancel();
  await child.stderr.cancel();
  assertEquals((await child.status).code, 0);
});

Deno.test("who reads nothing, or sends half a request, does not keep the page from its end", async () => {
  const { child, lines, url, token } = await startWeb("-A");
  const { port } = new URL(url);
  const head = `POST /api/runs HTTP/1.1\r\nHost: 127.0.0.1:${port}` +
    `\r\nAuthorization: Bearer ${token}\r\nContent-Length: 9\r\n` +
    "Content-Type: application/json\r\n\r\n{";
  using conn = await Deno.connect({
    hostname: "127.0.0.1",
    port: Number(port),
  });
  await conn.write(new TextEncoder().encode(head));
  await (await fetch(`http://127.0.0.1:${port}/`)).text(); // It has come by now.
  child.kill("SIGTERM");
  const errors = await new Response(child.stderr).text();
  assertEquals([errors, (await child.status).code], ["", 0]);
  await lines.cancel();
});

Deno.test("who comes again is told what is new, of each run, and of new ones", async () => {
  await using visitor = new Visitor();
  const { run } = await visitor.serve("daytimeserver");
  const other = await visitor.serve("daytimeserver");
  const { body } = await visitor.fetch(`/api/events?after=${run.id}:1`);
  const lines = streamOfLines(body!).getReader();
  const next = async () => {
    const { value = "" } = await lines.read();
    return value === "" ? "" : JSON.parse(value);
  };
  assertEquals(await next(), "");
  const { run: id, seq } = await next();
  assertEquals([id, seq], [other.run.id, 1]);
  const third = await visitor.serve("daytimeserver");
  assertEquals((await next()).run, third.run.id);
  await run.stop();
  const end = await next();
  assertEquals([end.run, end.seq, end.kind], [run.id, 2, "end"]);
  await lines.cancel();
});
