/** A page elsewhere, which the same browser has open, starts nothing. */
import { assertEquals } from "@std/assert";
import { browserTest } from "./visit.ts";

/** Everything that a page can do to another address without being asked. */
const ATTACK = (own: string) => `
const order = JSON.stringify({
  command: "scan", arguments: { host: "127.0.0.1" }, rest: [], options: {},
});
const post = (init) => fetch("${own}/api/runs", { method: "POST", body: order, ...init });
const tries = [
  post({ mode: "no-cors" }),
  post({ mode: "no-cors", headers: { "content-type": "text/plain" } }),
  post({ headers: { "content-type": "application/json" } }),
  post({ headers: { authorization: "Bearer none" } }),
  fetch("${own}/api/runs"),
  fetch("${own}/api/commands", { mode: "no-cors" }),
  navigator.sendBeacon("${own}/api/runs", order),
  import("${own}/main.js"),
];
const frame = document.createElement("iframe");
frame.src = "${own}/";
const form = document.createElement("form");
Object.assign(form, { method: "post", action: "${own}/api/runs", enctype: "text/plain", target: "f" });
const other = document.createElement("iframe");
other.name = "f";
document.body.append(frame, other, form);
form.submit();
const results = await Promise.allSettled(tries);
const read = await Promise.all(results.map(({ value }) =>
  ["basic", "cors"].includes(value?.type) ? value.text() : ""));
document.body.dataset.read = read.join("");`;

for (const name of ["127.0.0.1", "localhost"]) {
  browserTest(
    `a page of ${name} on another port starts nothing, and reads nothing`,
    async (visit) => {
      const own = new URL(visit.url).origin;
      const started = Promise.withResolvers<void>();
      await using server = Deno.serve({
        hostname: "127.0.0.1",
        port: 0,
        onListen: () => started.resolve(),
      }, (request) =>
        new Response(
          `<!doctype html><body><script type="module">${ATTACK(own)}</script>`,
          {
            headers: { "content-type": "text/html" },
            status: request.url.endsWith("/") ? 200 : 404,
          },
        ));
      await started.promise;
      const evil = await visit.browser.newPage();
      const posted = evil.waitForResponse((response) =>
        response.url() === `${own}/api/runs` &&
        response.request().isNavigationRequest()
      );
      await evil.goto(`http://${name}:${server.addr.port}/`);
      const body = evil.locator("body[data-read]");
      assertEquals(await body.getAttribute("data-read"), "");
      assertEquals((await posted).status(), 403);
      await evil.close();
      const token = new URL(visit.url).hash.slice(1);
      const runs = await fetch(`${own}/api/runs`, {
        headers: { authorization: `Bearer ${token}` },
      });
      assertEquals(await runs.json(), []);
    },
  );
}

browserTest(
  "without its token the page says where to find it, and starts nothing",
  async (visit) => {
    const own = new URL(visit.url).origin;
    for (const hash of ["", "#wrong", "#ñ%0a"]) {
      const page = await visit.browser.newPage();
      await page.goto(`${own}/${hash}`);
      await page.getByText(/open the one that the terminal shows/).waitFor();
      assertEquals(await page.locator("nav button").count(), 0);
      await page.close();
    }
  },
);
