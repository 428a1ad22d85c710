/** Diagrams: the same exchange in each format, to the letter; and hostile ones. */
import { assert, assertEquals } from "@std/assert";
import {
  type Exchange,
  LABEL_COLUMNS,
  Recorder,
} from "../exercises/cli/diagram/exchange.ts";
import { htmlDiagram } from "../exercises/cli/diagram/html.ts";
import {
  mermaidDiagram,
  txtDiagram,
} from "../exercises/cli/diagram/plain_text.ts";
import { svgDiagram } from "../exercises/cli/diagram/svg.ts";
import type { TraceEvent } from "../protocol/transport/trace.ts";
import { bytesOf } from "./support/chunkings.ts";
import { runScript } from "./support/script.ts";

const FORMATS: Record<string, (exchange: Exchange) => string> = {
  txt: txtDiagram,
  mmd: mermaidDiagram,
  svg: svgDiagram,
  html: htmlDiagram,
};

type Told = [
  conn: number,
  dir: TraceEvent["dir"],
  what: TraceEvent["kind"] | Uint8Array | { text: string },
];

const text = (text: string) => ({ text });

/** What is drawn of these, one ms after the other. */
function exchangeOf(
  told: Iterable<Told>,
  role: TraceEvent["role"] = "client",
): Exchange {
  const recorder = new Recorder();
  let t = 0;
  for (const [conn, dir, what] of told) {
    const port = role === "client" ? 7007 : 50000 + conn;
    const peer = `127.0.0.1:${port}`;
    const seen = { t: t++, conn, role, dir, peer };
    if (typeof what === "string") recorder.add({ ...seen, kind: what });
    else {
      const bytes = "text" in what ? bytesOf(what.text) : what;
      const data = bytes.subarray(0, 4096);
      recorder.add({ ...seen, kind: "data", bytes: bytes.length, data });
    }
  }
  return recorder.exchange(role === "client" ? "echo" : "echoserver");
}

const EXCHANGE: Told[] = [
  [1, "->", "connect"],
  [1, "->", text("hello\r\n")],
  [2, "<-", "refused"],
  [
    1,
    "<-",
    text('ñ 小 "a"\t</svg><script>alert(1)</script>; #x %% end\n\x1b[31m'),
  ],
  [3, "->", "connect"],
  [1, "->", "fin"],
  [1, "<-", "fin"],
  [1, "->", "close"],
  [3, "<-", Uint8Array.of(0xff, 0xef, 0xbf, 0xbf)],
  [3, "<-", "rst"],
  [3, "->", "close"],
  [4, "->", "timeout"],
  [5, "->", "failed"],
];

for (const [ending, draw] of Object.entries(FORMATS)) {
  Deno.test(`an exchange drawn as .${ending} is what it was`, async () => {
    const file = new URL(`diagrams/echo.${ending}`, import.meta.url);
    const drawn = draw(exchangeOf(EXCHANGE));
    // `deno test -A tests/diagram_test.ts -- --renew`, and look at them.
    if (Deno.args.includes("--renew")) await Deno.writeTextFile(file, drawn);
    assertEquals(drawn, await Deno.readTextFile(file));
  });

  Deno.test(`.${ending}: the server's end stands on the right`, () => {
    const drawn = draw(exchangeOf([
      [1, "->", "accept"],
      [1, "<-", "timeout"],
      [1, "<-", "close"],
    ], "server"));
    const peer = drawn.lastIndexOf("127.0.0.1:50001", drawn.indexOf("accept"));
    assert(drawn.indexOf("echoserver", peer) > peer, drawn);
  });

  Deno.test(`.${ending}: nobody connected`, () => {
    const drawn = draw(exchangeOf([]));
    assert(drawn.includes("echo: 0 connections"), drawn);
  });
}

/** What somebody could send to do harm. */
const HOSTILE = [
  "</svg><script>alert(1)</script>",
  "</pre></details><script>alert(1)</script>",
  '" onload="alert(1)',
  "' onload='alert(1)",
  "&lt;script&gt;<![CDATA[<script>]]>--><!--",
  "\x1b]0;title\x07\x1b[2J\x9b2J\u202e\u2066",
  "\x00\x08\r\b",
  "\ufffe\uffff\u{1f600}\u{10ffff}",
  "\n    L->>R: forged; R->>L: forged<br>forged\\nforged",
  "end\nNote over L: forged %%{init: {}}%%",
  "x".repeat(10_000_000),
];

for (const [ending, draw] of Object.entries(FORMATS)) {
  Deno.test(`.${ending}: no text of a peer becomes more than text`, () => {
    const harmless = draw(exchangeOf([[1, "<-", text("x")]]));
    for (const hostile of [...HOSTILE.map(text), Uint8Array.of(0xc3, 0xff)]) {
      const drawn = draw(exchangeOf([[1, "<-", hostile]]));
      assert(!UNSAFE.test(drawn), drawn);
      assert(drawn.length < 30_000, `${drawn.length}`);
      if (ending === "svg" || ending === "html") {
        assert(!/[\ufffe\uffff]/.test(drawn), drawn); // That would be no XML.
        assertEquals(tagsOf(drawn), tagsOf(harmless));
      } else {
        assertEquals(drawn.split("\n").length, harmless.split("\n").length);
      }
      if (ending === "mmd") {
        // Mermaid ends a statement, or breaks a line, there.
        assert(!/;|<|\\n|%%(?! echo)/.test(drawn.replaceAll(/#\d+;/g, "")));
      }
    }
  });
}

/** What drives a terminal, or turns text round. */
const UNSAFE =
  // deno-lint-ignore no-control-regex
  /[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/;

/** What a browser would take for markup. */
function tagsOf(drawn: string): string[] {
  return drawn.replaceAll(/<style>[^]*?<\/style>/g, "")
    .match(/<[^>]*>/g)!.map((tag) => tag.replaceAll(/\d+/g, ""));
}

for (const ending of ["svg", "html"]) {
  Deno.test(`.${ending}: needs no other file and no script, and knows the dark`, () => {
    const drawn = FORMATS[ending]!(exchangeOf(EXCHANGE));
    // The name of the format is no address to load from.
    const source = drawn.replace(' xmlns="http://www.w3.org/2000/svg"', "");
    const foreign = /<script|<link|<image|<use|src=|href=|url\(|@import|\/\//;
    assertEquals(foreign.exec(source), null);
    assert(/prefers-color-scheme: dark|color-scheme: light dark/.test(drawn));
  });
}

Deno.test("in the page every event with bytes opens its hex", () => {
  const page = htmlDiagram(exchangeOf(EXCHANGE));
  const opened = [...page.matchAll(/<details>[^]*?<pre>(.*)/g)];
  assertEquals(opened.map(([, row]) => row!.slice(0, 19)), [
    "00000000: 6865 6c6c",
    "00000000: c3b1 20e5",
    "00000000: ffef bfbf",
  ]);
});

/** The arrows and notes of a Mermaid diagram, without its heading. */
function statementsOf(exchange: Exchange): string[] {
  const lines = mermaidDiagram(exchange).trimEnd().split("\n").slice(2);
  return lines.map((line) => line.trim());
}

/** A proxy has an end of the one, and of the other. */
function relayed(...clients: number[]): Exchange {
  const recorder = new Recorder();
  for (const [i, port] of clients.entries()) {
    const upstream = "127.0.0.1:7007";
    const common = { t: 10 * i, conn: 2 * i + 1, dir: "->" } as const;
    const accepted = {
      ...common,
      role: "server",
      peer: `here:${port}`,
    } as const;
    const own = { ...common, role: "client", peer: upstream } as const;
    const [conn, data] = [common.conn + 1, bytesOf("x")];
    recorder.add({ ...accepted, kind: "accept" });
    recorder.add({ ...own, conn, kind: "connect" });
    const bytes = data.length;
    recorder.add({ ...accepted, t: 10 * i + 0.01, kind: "data", bytes, data });
    recorder.add({ ...own, t: 10 * i + 0.02, conn, kind: "data", bytes, data });
    recorder.add({ ...accepted, t: 10 * i + 0.03, kind: "close" });
  }
  return recorder.exchange("proxy");
}

Deno.test(".mmd: a proxy's two connections have three lifelines, and one order", () => {
  assertEquals(statementsOf(relayed(1)), [
    "participant A as here:1",
    "participant B as proxy",
    "participant C as 127.0.0.1:7007",
    "A->>B: accept here:1",
    "B->>C: connect 127.0.0.1:7007",
    'A->>B: "x" 1 byte',
    'B->>C: "x" 1 byte',
    "Note over B: close",
  ]);
});

Deno.test(".mmd: more connections stand one below the other, each between its own ends", () => {
  const statements = statementsOf(relayed(1, 2));
  assertEquals(statements.slice(3, 7), [
    "participant D as here:2",
    "Note over A,B: Connection 1, here:1 - proxy",
    "A->>B: accept here:1",
    'A->>B: "x" 1 byte',
  ]);
  assertEquals(statements.slice(-3), [
    "Note over B,C: Connection 4, proxy - 127.0.0.1:7007",
    "B->>C: connect 127.0.0.1:7007",
    'B->>C: "x" 1 byte',
  ]);
});

Deno.test(".mmd: of many ends it tells who asked and who was asked", () => {
  const statements = statementsOf(relayed(1, 2, 3));
  assertEquals(statements.slice(0, 4), [
    "participant A as client",
    "participant B as server",
    "Note over A,B: Connection 1, here:1 - proxy",
    "A->>B: accept here:1",
  ]);
});

Deno.test("no row of a .txt is wider than the others", () => {
  const texts = [...HOSTILE, "小".repeat(100), "ñ".repeat(100)];
  const drawn = txtDiagram(exchangeOf(texts.flatMap((hostile): Told[] => [
    [1, "->", text(hostile)],
    [1, "<-", text(hostile)],
  ])));
  for (const row of drawn.split("\n").filter((row) => row.endsWith("|"))) {
    const width = [...row].reduce((sum, c) => sum + (c < "ᄀ" ? 1 : 2), 0);
    assertEquals(width, 8 + 2 + 2 + LABEL_COLUMNS + 8, row);
  }
});

Deno.test("a long run keeps its beginning and its end, and says what is left out", () => {
  const connections = 1000;
  function* busy(): Generator<Told> {
    yield [1, "->", "connect"];
    for (let conn = 2; conn <= connections; conn++) {
      yield [conn, "->", "connect"];
      yield [1, "<-", text("x".repeat(5000))];
      yield [conn, "->", "close"];
    }
    yield [1, "->", text("bye")];
    yield [1, "->", "close"];
  }
  const { conversations, leftOut } = exchangeOf(busy());
  const [first, ...others] = conversations;
  assertEquals(others.length, 133);
  assertEquals(leftOut, "Not drawn: 866 connections, 2600 events");
  const gaps = first!.steps.filter(({ shape }) => shape === "gap");
  assertEquals(gaps.map(({ what }) => what), [
    "867 events not drawn: 0 bytes ->, 4335000 bytes <-",
  ]);
  assertEquals(first!.steps[0]!.what, "connect 127.0.0.1:7007");
  assertEquals(first!.steps.at(-1)!.what, "close");
  // Nor is any event told twice, or missing.
  const drawn = conversations.flatMap(({ steps }) => steps)
    .filter(({ shape }) => shape !== "gap");
  assertEquals(drawn.length, 400);
  for (const [ending, draw] of Object.entries(FORMATS)) {
    const text = draw(exchangeOf(busy()));
    assert(text.includes("867 events not drawn"), ending);
    assert(text.includes("Not drawn: 866 connections"), ending);
  }
});

Deno.test("the trace of a gigabyte needs less than 200 MB", async () => {
  const recorder = new URL(
    "../exercises/cli/diagram/exchange.ts",
    import.meta.url,
  );
  const script = `
    import { Recorder } from "${recorder}";
    const recorder = new Recorder();
    const data = new Uint8Array(4096);
    const seen = { role: "client", dir: "<-", peer: "127.0.0.1:7007" };
    for (let t = 0; t < 32 * 1024; t++) {
      const conn = Math.ceil((t + 1) / 2); // Two events each.
      recorder.add(t % 2 === 0
        ? { ...seen, t, conn, kind: "data", bytes: 64 * 1024, data }
        : { ...seen, t, conn, kind: "close" });
    }
    recorder.exchange("files");
    console.log(Deno.memoryUsage().rss);
  `;
  const { stdout, stderr } = await runScript(["eval", "--no-check", script]);
  assert(Number(stdout) > 0 && Number(stdout) < 200e6, stdout + stderr);
});
