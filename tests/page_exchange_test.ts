/** What the page draws, without a browser: rows, lanes, and their limits. */
import { assert, assertEquals } from "@std/assert";
import {
  Exchange,
  hexDump,
  KEPT_ROWS,
  MAX_LANES,
  textOf,
  visible,
  visibleLines,
} from "../exercises/tools/web/page/exchange.js";
import { ROOT } from "./support/script.ts";

const PEER = "127.0.0.1:7007";

function event(kind: string, conn = 1, more: Record<string, unknown> = {}) {
  return { t: 1, conn, role: "client", dir: "->", kind, peer: PEER, ...more };
}

function data(text: string, conn = 1) {
  const bytes = new TextEncoder().encode(text);
  return event("data", conn, { text, bytes: bytes.length, hex: bytes.toHex() });
}

Deno.test("Exchange draws a connection from its names to its close", () => {
  const exchange = new Exchange("echo");
  const back = { dir: "<-" };
  for (
    const one of [
      event("connect"),
      data("hi\r\n"),
      event("fin"),
      event("fin", 1, back),
      event("close"),
    ]
  ) exchange.add(one);
  assertEquals(
    exchange.rows.map(({ kind, shape, label, isHalf }) =>
      [kind, shape, label, isHalf] as unknown[]
    ),
    [
      ["head", undefined, undefined, undefined],
      ["connect", "->", "", false],
      ["data", "->", '"hi\\r\\n"', false],
      ["fin", "->", "", true],
      ["fin", "<-", "", false],
      ["close", "left", "", false],
    ],
  );
  const { left, right } = exchange.rows[0]!;
  assertEquals([left, right], ["echo", PEER]);
});

Deno.test("Exchange has connections side by side, and uses a lane again", () => {
  const exchange = new Exchange("server");
  const lanes: number[] = [];
  const begin = (conn: number) => {
    exchange.add(event("accept", conn, { role: "server" }));
    lanes.push(exchange.rows.at(-1)!.lane);
  };
  for (let conn = 1; conn <= MAX_LANES; conn++) begin(conn);
  exchange.add(event("close", 2, { role: "server" }));
  begin(5);
  assertEquals(lanes, [0, 1, 2, 3, 1]);
  assertEquals(exchange.rows.at(-1)!.isShared, false);
  begin(6); // There is no lane left: its number is told.
  assertEquals(exchange.rows.at(-1)!.isShared, true);
  assertEquals(exchange.lanes, MAX_LANES);
});

Deno.test("Exchange: ports that are closed, one after the other, take one lane", () => {
  const exchange = new Exchange("scan");
  for (let conn = 1; conn <= 500; conn++) {
    exchange.add(event("refused", conn, { dir: "<-" }));
  }
  assertEquals(exchange.lanes, 1);
  assertEquals(exchange.connections, 500);
});

Deno.test("Exchange folds what is old, and counts it", () => {
  const exchange = new Exchange("echo");
  exchange.add(event("connect"));
  const count = 3 * KEPT_ROWS;
  for (let i = 0; i < count; i++) exchange.add(data("x".repeat(4096)));
  assertEquals(exchange.events, count + 1);
  assert(exchange.rows.length <= 1.1 * KEPT_ROWS);
  const kept = exchange.rows.length;
  assertEquals(exchange.folded.events + kept, exchange.events);
  assertEquals(exchange.folded["->"], 4096 * (count - kept));
  const digits = exchange.rows.map(({ hex = "" }) => hex.length as number);
  assert(digits.reduce((sum, length) => sum + length, 0) <= 8_000_000);
  assertEquals(digits.at(-1), 8192); // The newest have their bytes.
});

Deno.test("visible shows what would hide, move or reverse text", () => {
  assertEquals(
    visible('a"\r\n\t\x1b[2J\u202e'),
    '\\"'.padStart(3, "a") + "\\r\\n\\t\\u001b[2J\\u202e",
  );
  assertEquals(
    visibleLines("a\r\n\tb\x1b\x9b\u2066"),
    "a\n\tb\\x1b\\x9b\\u2066",
  );
});

Deno.test("hexDump has offset, bytes and text in each row", () => {
  assertEquals(
    hexDump("68656c6c6f0d0a", 4),
    "00000000: 6865 6c6c  hell\n00000004: 6f0d 0a    o..",
  );
  assertEquals(hexDump(""), "");
  assertEquals(textOf("c2a16869ff"), "¡hi\ufffd");
});

Deno.test("the page is under 100 KB in all", async () => {
  const folder = new URL("exercises/tools/web/page/", ROOT);
  let bytes = 0;
  for await (const { name } of Deno.readDir(folder)) {
    bytes += (await Deno.stat(new URL(name, folder))).size;
  }
  assert(bytes < 100_000, `${bytes} bytes`);
});
