/**
 * The README's pictures of the page. `deno task test:browser -- --pictures`
 * writes them to .github/; without that they are made, and thrown away.
 */
import { assert } from "@std/assert";
import type { Locator } from "playwright-core";
import { ROOT } from "../support/script.ts";
import { browserTest } from "./visit.ts";

const MAX_BYTES = 150_000;

browserTest(
  "picture: a server and its client, and the bytes of a line",
  async (visit) => {
    const { page } = visit;
    await visit.choose("echo");
    await visit.startServer();
    const echo = await visit.run();
    for (const line of ["hello", "¡hola!"]) {
      await visit.type(echo, line);
      await echo.locator(".output pre", { hasText: line }).waitFor();
    }
    await echo.getByRole("button", { name: "End of input" }).click();
    await visit.ended(echo);
    await page.locator(".panel .row.close").nth(1).waitFor();
    await echo.locator(".row.data", { hasText: "hola" }).first().click();
    await picture(page.locator("#runs"), "page.png");
  },
  { viewport: { width: 1250, height: 960 } },
);

browserTest("picture: both sides of a proxy that disturbs", async (visit) => {
  await visit.choose("proxy");
  await visit.startServer();
  await visit.fill({ down: "slice=3,gap=40" });
  const proxy = await visit.run();
  const line = proxy.getByText(/^Listening on/);
  const [, port = ""] = /:(\d+)/.exec(await line.innerText()) ?? [];
  await visit.choose("echo");
  await visit.fill({ host: "127.0.0.1", port });
  const echo = await visit.run();
  await visit.type(echo, "hello");
  await echo.getByText(/identical, 7 bytes/).waitFor();
  await echo.getByRole("button", { name: "End of input" }).click();
  await visit.ended(echo);
  await proxy.locator(".row.close").nth(1).waitFor();
  await proxy.locator(".drawing").evaluate((list) => list.scrollTo(0, 0));
  await visit.page.setViewportSize({ width: 1250, height: 1400 });
  await picture(proxy, "page-proxy.png");
}, { viewport: { width: 1250, height: 900 }, colorScheme: "dark" });

async function picture(what: Locator, name: string): Promise<void> {
  const png = await what.screenshot();
  assert(png.length < MAX_BYTES, `${name} has ${png.length} bytes`);
  if (!Deno.args.includes("--pictures")) return;
  await Deno.writeFile(new URL(`.github/${name}`, ROOT), png);
}
