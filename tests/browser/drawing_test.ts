/** The drawing: what was seen, all of it, at once, and nothing as HTML. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { Locator } from "playwright-core";
import type { TraceEvent } from "../../protocol/transport/trace.ts";
import { ServerScript } from "../support/script.ts";
import { browserTest, until, type Visit } from "./visit.ts";

browserTest(
  "a drawing tells what --trace=json tells at the other end",
  async (visit) => {
    await using server = await ServerScript.start([
      ...["run", "--no-prompt", "-A", "main.ts", "echoserver", "0"],
      ...["--trace=json", "--quiet"],
    ]);
    await visit.choose("echo");
    await visit.fill({ port: `${server.port}` });
    const panel = await visit.run();
    for (const line of ["one", "¿dos?", "a third, longer line"]) {
      await visit.type(panel, line);
      await panel.locator(".output pre", { hasText: line }).waitFor();
    }
    await panel.getByRole("button", { name: "End of input" }).click();
    await visit.ended(panel);
    const rows = await visit.drawn(panel);
    const svg = await download(visit, panel, ".svg");
    const { stderr } = await server.stop();
    const told = stderr.trim().split("\n")
      .map((line): TraceEvent & { text?: string } => JSON.parse(line));
    // What one end writes the other reads: each line waits for the one before.
    const arrow = { "->": "to", "<-": "from" };
    const bytes = told.filter(({ kind }) => kind === "data").map((event) => ({
      kind: "data",
      shape: arrow[event.dir],
      text: `${JSON.stringify(event.text)} ${event.bytes} bytes`,
    }));
    assertEquals(rows.filter(({ kind }) => kind === "data"), bytes);
    assertEquals(rows.map(({ kind }) => kind), [
      ...["head", "connect", "data", "data", "data", "data", "data", "data"],
      ...["fin", "fin", "close"],
    ]);
    for (const { text } of bytes) {
      assertStringIncludes(svg, text.replaceAll('"', "&#34;"));
    }
  },
);

/** What the browser saves when that button is pressed. */
async function download(
  visit: Visit,
  panel: Locator,
  ending: string,
): Promise<string> {
  const saved = visit.page.waitForEvent("download");
  await panel.getByRole("button", { name: `Save as ${ending}` }).click();
  return await Deno.readTextFile(await (await saved).path());
}

browserTest(
  "a chosen event opens its text and its bytes, and closes again",
  async (visit) => {
    await visit.choose("echo");
    await visit.startServer();
    const panel = await visit.run();
    await visit.type(panel, "¡hola!");
    await panel.getByText(/identical/).waitFor();
    const detail = panel.locator(".detail");
    await panel.locator(".row.data").first().click();
    await detail.getByText("¡hola!", { exact: true }).waitFor();
    const hex = await detail.locator("pre.hex").innerText();
    assertStringIncludes(hex, "00000000: c2a1 686f 6c61 210d");
    await panel.locator("[role=listbox]").press("Escape");
    assertEquals(await detail.isVisible(), false);
  },
);

/** Sends lines of 5 bytes to an echo server and waits for each. */
async function echoes(port: string, count: number, everyMs = 0) {
  using conn = await Deno.connect({
    hostname: "127.0.0.1",
    port: Number(port),
  });
  const line = new TextEncoder().encode("ping\n");
  const start = performance.now();
  for (let i = 0; i < count; i++) {
    const early = start + i * everyMs - performance.now();
    if (early > 2) await new Promise((resolve) => setTimeout(resolve, early));
    await conn.write(line);
    for (let got = 0; got < line.length;) {
      got += await conn.read(new Uint8Array(16)) ?? line.length;
    }
  }
}

browserTest(
  "1,000 events a second are drawn as they come, and none is lost",
  async (visit) => {
    const { page } = visit;
    await visit.choose("echo");
    const port = await visit.startServer();
    const panel = page.locator(".panel").first();
    const frames = page.evaluate(`new Promise((resolve) => {
    const times = [];
    const next = (time) => {
      times.push(time);
      if (time - times[0] < 5000) requestAnimationFrame(next);
      else resolve(times);
    };
    requestAnimationFrame(next);
  })`) as Promise<number[]>;
    await echoes(port, 2750, 2); // 500 round trips a second.
    const times = await frames;
    await until(async () => await visit.events(panel) === 2 * 2750 + 3);
    assertEquals(await panel.getAttribute("data-lost"), null);
    const gaps = times.slice(1).map((time, i) => time - times[i]!).sort((
      a,
      b,
    ) => a - b);
    // A busy machine draws fewer: that is measured, and not demanded.
    const perSecond = Math.round((times.length - 1) / 5);
    const late = gaps[Math.floor(gaps.length * 0.99)]!.toFixed(1);
    console.log(`${perSecond} frames a second, 99 % within ${late} ms`);
  },
);

browserTest(
  "12,000 events scroll at once, and the oldest are folded",
  async (visit) => {
    const { page } = visit;
    await visit.choose("echo");
    const port = await visit.startServer();
    const panel = page.locator(".panel").first();
    await echoes(port, 6000, 0.5);
    await until(async () => await visit.events(panel) === 2 * 6000 + 3);
    assertEquals(await panel.getAttribute("data-lost"), null);
    const list = panel.locator("[role=listbox]");
    const [scrollMs] = await page.evaluate(`(async () => {
    const list = document.querySelector("[role=listbox]");
    const start = performance.now();
    for (const part of [0, 0.5, 0.2, 0.9, 0]) {
      list.scrollTop = part * list.scrollHeight;
      await new Promise(requestAnimationFrame);
      await new Promise(requestAnimationFrame);
    }
    return [(performance.now() - start) / 5];
  })()`) as [number];
    console.log(
      `a jump in 12,000 events is drawn in ${scrollMs.toFixed(0)} ms`,
    );
    // It does not matter how many there are: as many rows as can be seen.
    assert(await panel.locator(".row").count() < 60);
    await panel.getByText(/older events are folded/).waitFor();
    await list.focus();
    await page.keyboard.press("End");
    await panel.locator(".row.close[aria-selected=true]").waitFor();
    await page.keyboard.press("Home");
    await page.keyboard.press("Enter");
    await panel.locator(".detail").waitFor();
  },
);

browserTest("the first event is drawn soon after the click", async (visit) => {
  const { page } = visit;
  await visit.choose("client");
  await visit.startServer();
  const start = performance.now();
  const panel = await visit.run();
  await panel.locator(".row.connect").waitFor();
  const ms = performance.now() - start;
  // Less than 1,000 ms is what is wanted; a busy machine has no such clock.
  console.log(`drawn ${ms.toFixed(0)} ms after the click`);
  await visit.ended(panel);
  assertEquals(await page.locator(".panel").count(), 2);
});

const HOSTILE =
  '<img src=x onerror="document.title=1"><script>document.title=2' +
  "</script><b>bold</b>\x1b]0;mine\x07\x1b[2J\u202egnp.exe\r\n";

browserTest(
  "nothing of a hostile peer is HTML, a control, or too long",
  async (visit) => {
    const { page } = visit;
    using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const serving = (async () => {
      using conn = await listener.accept();
      const encoder = new TextEncoder();
      const all = encoder.encode(HOSTILE + "x".repeat(1_000_000));
      for (let sent = 0; sent < all.length;) {
        sent += await conn.write(all.subarray(sent));
      }
      // Until the end of input is pressed.
      while (await conn.read(new Uint8Array(1024)) !== null);
    })();
    await visit.choose("echo");
    await visit.fill({
      port: `${listener.addr.port}`,
      raw: true,
      "no-compare": true,
    });
    const panel = await visit.run();
    await panel.getByRole("button", { name: "End of input" }).click();
    const { text } = await visit.ended(panel);
    await serving;
    await panel.locator("[role=listbox]").press("Home");
    await panel.locator(".row.data", { hasText: "<img src=x" }).click();
    const opened = await panel.locator(".detail pre").first().textContent();
    assertStringIncludes(opened!, "</script><b>bold</b>\\x1b]0;mine");
    assertStringIncludes(opened!, "\\u202egnp.exe");
    assert(text.length < 200_000, `${text.length} characters are kept`);
    assertEquals(
      await page.locator("img, .panel b:not(.head b), .panel script").count(),
      0,
    );
    assertEquals(await page.title(), "tcplab: the laboratory in a browser");
    const wide = await page.evaluate(
      "document.documentElement.scrollWidth - innerWidth",
    ) as number;
    assert(wide <= 0, `the page is ${wide} pixels too wide`);
  },
);
