/** Whoever it is: keyboard alone, screen reader, light or dark, small or large. */
import { assert, assertEquals } from "@std/assert";
import axe from "axe-core";
import type { BrowserContextOptions } from "playwright-core";
import { browserTest, until, type Visit } from "./visit.ts";

const LOOKS: Record<string, BrowserContextOptions> = {
  light: { colorScheme: "light" },
  dark: { colorScheme: "dark" },
  "360 pixels wide": { viewport: { width: 360, height: 740 } },
  "in Spanish on a projector": {
    locale: "es-CO",
    viewport: { width: 1920, height: 1080 },
  },
};

for (const [name, options] of Object.entries(LOOKS)) {
  browserTest(`axe finds nothing wrong: ${name}`, async (visit) => {
    const { page } = visit;
    await assertNothingWrong(visit, "at the beginning");
    await visit.choose("proxy");
    await visit.startServer();
    await visit.fill({ up: "nonsense" });
    await page.locator("#form button[type=submit]").click();
    await page.locator("#form [aria-invalid]").waitFor();
    await assertNothingWrong(visit, "a form with an error");
    await visit.fill({ up: "" });
    const proxy = await visit.run();
    await proxy.locator(".faults summary").click();
    await visit.choose("echo");
    await visit.startServer();
    const echo = await visit.run();
    await visit.type(echo, "hello");
    await echo.locator("pre", { hasText: "identical" }).waitFor();
    await echo.locator(".row.data").first().click();
    await echo.locator(".detail").waitFor();
    await assertNothingWrong(visit, "with runs and drawings");
    assertEquals(await page.locator("[data-word]:empty").count(), 0);
  }, options);
}

async function assertNothingWrong({ page }: Visit, when: string) {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(
    "axe.run(document, { resultTypes: ['violations'] })",
  ) as axe.AxeResults;
  const found = violations.map(({ id, nodes }) =>
    `${id}: ${nodes.map(({ html }) => html).join(" ")}`
  );
  assertEquals(found, [], when);
  const wide = await page.evaluate(
    "document.documentElement.scrollWidth - innerWidth",
  ) as number;
  assert(wide <= 0, `${when}, the page is ${wide} pixels too wide`);
}

browserTest(
  "the keyboard alone is enough: choose, start, type, look, stop",
  async (visit) => {
    const { page } = visit;
    const { keyboard } = page;
    const focused = (selector: string) =>
      page.evaluate(
        `document.activeElement?.matches(${JSON.stringify(selector)}) ?? false`,
      );
    /** Tab by tab, to where that is; each stop on the way must be seen. */
    const tabTo = async (selector: string) => {
      for (let i = 0; i < 120; i++) {
        if (await focused(selector)) return;
        await keyboard.press("Tab");
      }
      throw new Error(`The Tab key does not lead to ${selector}`);
    };
    await tabTo('nav button[data-command="echo"]');
    await keyboard.press("Enter");
    await tabTo("#form .servers button");
    await keyboard.press("Enter");
    await until(async () =>
      await page.locator("#form [name=port]").inputValue() !== "7"
    );
    await tabTo("#form button[type=submit]");
    await keyboard.press("Enter");
    await until(() => focused(".panel .input input") as Promise<boolean>);
    await keyboard.type("hello");
    await keyboard.press("Enter");
    const echo = page.locator(".panel[data-command=echo]");
    await echo.locator("pre", { hasText: "identical" }).waitFor();
    await tabTo(".panel[data-command=echo] .drawing");
    for (const key of ["Home", "ArrowDown", "ArrowDown", "Enter"]) {
      await keyboard.press(key);
    }
    await echo.locator(".detail pre.hex").waitFor();
    const shown = await page.evaluate(
      `document.getElementById(document.activeElement
       .getAttribute("aria-activedescendant")).textContent`,
    );
    assert(/to the server: "hello/.test(`${shown}`), `${shown}`);
    await keyboard.press("Escape");
    await echo.locator(".detail").waitFor({ state: "hidden" });
    while (!await focused("[data-word=stop]")) {
      await keyboard.press("Shift+Tab");
    }
    await keyboard.press("Enter");
    await visit.ended(echo);
    await keyboard.press("Enter"); // Where Stop was there is Close.
    await echo.waitFor({ state: "detached" });
  },
);

browserTest(
  "what is chosen, and where one types, is in view",
  async (visit) => {
    const { page } = visit;
    const isInView = async (selector: string) => {
      const { y, height } = (await page.locator(selector).boundingBox())!;
      return y >= 0 && y + height <= 800;
    };
    await visit.choose("demo"); // The last of a list that is longer.
    assert(await isInView("#form h2"));
    await visit.choose("echo");
    await visit.startServer();
    const echo = await visit.run();
    await visit.type(echo, "hello");
    await echo.locator("pre", { hasText: "identical" }).waitFor();
    assert(await isInView("[data-command=echo] .input input"));
  },
  { viewport: { width: 1280, height: 800 } },
);

browserTest(
  "what another tab has closed is closed here, too",
  async (visit) => {
    await visit.choose("daytime");
    const here = await visit.run();
    await visit.ended(here);
    const other = await visit.page.context().newPage();
    await other.goto(visit.url);
    await other.locator(".panel [data-word=close]").click();
    await other.locator(".panel").waitFor({ state: "detached" });
    await visit.page.bringToFront();
    await here.locator("[data-word=close]").click();
    await here.waitFor({ state: "detached" });
  },
);

browserTest(
  "on a telephone, where one types stays in view",
  async (visit) => {
    await visit.choose("chat");
    await visit.startServer();
    const chat = await visit.run();
    await chat.locator("pre", { hasText: "Welcome" }).waitFor();
    await visit.page.locator(".row.accept").waitFor(); // Above it, too.
    const { y } = (await chat.locator(".input input").boundingBox())!;
    assert(y >= 0 && y < 700, `${y}`);
  },
  { viewport: { width: 360, height: 740 } },
);

browserTest("in Spanish, and in English again at a switch", async (visit) => {
  const { page } = visit;
  assertEquals(await page.getAttribute("html", "lang"), "es");
  await visit.choose("client");
  await page.getByRole("button", { name: "Iniciar server y usarlo" }).click();
  await page.getByText(/^Listening on/).waitFor();
  await page.getByText("en marcha").waitFor();
  await page.getByLabel("Idioma").selectOption("en");
  await page.getByText("running", { exact: true }).waitFor();
  assertEquals(await page.getAttribute("html", "lang"), "en");
  await page.getByRole("button", { name: "Stop" }).click();
  await visit.ended(page.locator(".panel"));
}, { locale: "es-ES" });
