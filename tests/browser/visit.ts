/**
 * A visit to the page with a real browser. Where there is no Chromium, these
 * tests say so and are skipped; CHROMIUM names one that is elsewhere.
 */
import { assertEquals } from "@std/assert";
import {
  type Browser,
  type BrowserContextOptions,
  chromium,
  type Locator,
  type Page,
} from "playwright-core";
import { linesOf, startClient } from "../support/script.ts";

const CHROMIUM = Deno.env.get("CHROMIUM") ?? "/usr/bin/chromium";

/** For what the page does at once, on however slow a machine. */
const PATIENCE_MS = 60_000;

const isThere = await Deno.stat(CHROMIUM).then(() => true, () => false);
if (!isThere) console.log(`No ${CHROMIUM}: the tests of the page are skipped`);

/** A test of the page, which nobody else visits. */
export function browserTest(
  name: string,
  test: (visit: Visit) => Promise<void>,
  options: BrowserContextOptions = {},
): void {
  Deno.test({
    name,
    ignore: !isThere,
    // The browser's own pipes and timers.
    sanitizeOps: false,
    sanitizeResources: false,
    fn: async () => {
      await using visit = await Visit.begin(options);
      await test(visit);
      assertEquals(visit.errors, []);
    },
  });
}

/** One row of a drawing, as it is in the page. */
export interface Drawn {
  kind: string;
  /** `to`, `from`, `left`, `right`; of a head: none. */
  shape: string;
  text: string;
}

export class Visit implements AsyncDisposable {
  /** What the browser complains of: no script of ours, or of others, may fail. */
  readonly errors: string[] = [];

  private constructor(
    readonly browser: Browser,
    readonly page: Page,
    readonly server: Deno.ChildProcess,
    /** With the token. */
    readonly url: string,
  ) {}

  static async begin(options: BrowserContextOptions): Promise<Visit> {
    const server = startClient([
      "run",
      "--no-prompt",
      "-A",
      "main.ts",
      "web",
      "0",
    ]);
    await server.stdin.close();
    void server.stderr.pipeTo(Deno.stderr.writable, { preventClose: true });
    const lines = linesOf(server.stdout);
    const { value = "" } = await lines.read();
    lines.releaseLock();
    const url = /^The page: (\S+)$/.exec(value)?.[1];
    if (!url) throw new Error(`No address: ${value}`);
    const browser = await chromium.launch({ executablePath: CHROMIUM });
    const context = await browser.newContext({
      viewport: { width: 1280, height: 900 },
      locale: "en-GB",
      ...options,
    });
    context.setDefaultTimeout(PATIENCE_MS);
    const page = await context.newPage();
    const visit = new Visit(browser, page, server, url);
    page.on("pageerror", ({ message }) => visit.errors.push(message));
    page.on("console", (message) => {
      // That a form was refused is told so, too: it is asked for.
      const isRefusal = /status of (400|401|403|404|429)/.test(message.text());
      if (message.type() === "error" && !isRefusal) {
        visit.errors.push(message.text());
      }
    });
    await page.goto(url);
    await page.locator("body[data-stream=connected]").waitFor();
    return visit;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.browser.close();
    this.server.kill("SIGTERM");
    const { code } = await this.server.status;
    assertEquals(code, 0);
  }

  async choose(command: string): Promise<void> {
    await this.page.locator(`nav button[data-command="${command}"]`).click();
    await this.page.locator("#form h2", { hasText: command }).waitFor();
  }

  /** Fields by their names; true: a box that is ticked. */
  async fill(fields: Record<string, string | true>): Promise<void> {
    await this.page.locator("#form details").evaluateAll((all) => {
      for (const details of all) details.setAttribute("open", "");
    });
    for (const [name, value] of Object.entries(fields)) {
      const field = this.page.locator(`#form [name="${name}"]`).last();
      if (value === true) await field.check();
      else if (await field.evaluate(({ tagName }) => tagName === "SELECT")) {
        await field.selectOption(value);
      } else await field.fill(value);
    }
  }

  /** Starts what the form says, and waits for its panel. */
  async run(): Promise<Locator> {
    const { page } = this;
    const before = await page.locator(".panel").count();
    await page.locator("#form button[type=submit]").click();
    const panel = page.locator(".panel").nth(before);
    await panel.waitFor();
    return page.locator(`[data-run="${await panel.getAttribute("data-run")}"]`);
  }

  /** Starts the server that the form offers, and gives the port it fills in. */
  async startServer(): Promise<string> {
    const { page } = this;
    const before = await page.locator(".panel").count();
    await page.locator("#form .servers button").first().click();
    const panel = page.locator(".panel").nth(before);
    const line = panel.getByText(/^Listening on \S+:\d+/);
    const [, port] = /:(\d+)/.exec(await line.innerText()) ?? [];
    const field = page.locator("#form [name=host-port], #form [name=port]");
    await until(async () => await field.last().inputValue() === port);
    return port!;
  }

  async type(panel: Locator, line: string): Promise<void> {
    await panel.locator(".input input").fill(line);
    await panel.locator(".input input").press("Enter");
  }

  /** Waits until it has ended, and gives what it printed. */
  async ended(panel: Locator): Promise<{ state: string; text: string }> {
    const page = this.page;
    const run = await panel.getAttribute("data-run");
    await page.locator(
      `[data-run="${run}"]:is([data-state=worked], [data-state=failed])`,
    ).waitFor();
    // What came last is drawn in the next frame.
    await page.evaluate("new Promise(requestAnimationFrame)");
    const state = await panel.getAttribute("data-state") ?? "";
    const parts = await panel.locator("pre").allTextContents();
    return { state, text: parts.join("\n") };
  }

  /** The rows that are in view, from above. */
  async drawn(panel: Locator): Promise<Drawn[]> {
    const rows = await panel.locator(".row").evaluateAll((all) =>
      all.map((row) => ({
        place: Number(row.id.split("-").at(-1)),
        words: row.className.split(" "),
        text: row.querySelector("span")!.textContent,
      }))
    );
    return rows.sort((a, b) => a.place - b.place).map(({ words, text }) => ({
      kind: words.at(-1)!,
      shape: words.length > 2 ? words[1]! : "",
      text,
    }));
  }

  events(panel: Locator): Promise<number> {
    return panel.locator("[role=listbox]").getAttribute("data-events")
      .then(Number);
  }
}

/** Waits until it is so, looking again and again: the page has no event for it. */
export async function until(isSo: () => Promise<boolean>): Promise<void> {
  const start = Date.now();
  while (!await isSo()) {
    if (Date.now() - start > PATIENCE_MS) throw new Error(`Never: ${isSo}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
