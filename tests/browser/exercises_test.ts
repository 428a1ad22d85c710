/** Each exercise, run from the page against its server. */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { catalogue } from "../../exercises/catalogue.ts";
import { CA, GOOD } from "../support/certificates.ts";
import { ServerScript } from "../support/script.ts";
import { TempFolder } from "../support/temp_folder.ts";
import { browserTest, type Visit } from "./visit.ts";

interface Exercise {
  command: string;
  fields?: Record<string, string | true>;
  /** Lines for its input, then the end of it. */
  input?: string[];
  shows: RegExp;
  /** Kinds of rows that its drawing has. */
  draws: string[];
}

const EXERCISES: Exercise[] = [
  {
    command: "info",
    shows: /127\.0\.0\.1/,
    draws: ["connect", "close"],
  },
  {
    command: "daytime",
    shows: /\d\d:\d\d:\d\d/,
    draws: ["connect", "data", "fin", "close"],
  },
  {
    command: "echo",
    input: ["hola", "¿qué tal?"],
    shows: /hola\n¿qué tal\?[^]*identical, 6 bytes/,
    draws: ["connect", "data", "fin", "close"],
  },
  {
    command: "client",
    shows: /Welcome|time/i,
    draws: ["connect", "data", "fin", "close"],
  },
  {
    command: "chat",
    fields: { name: "ana" },
    input: ["hello to nobody", "/list"],
    shows: /ana/,
    draws: ["connect", "data", "close"],
  },
  {
    command: "files",
    fields: { action: "list" },
    shows: /hello\.txt/,
    draws: ["connect", "data", "close"],
  },
  {
    command: "test",
    shows: /127\.0\.0\.1/,
    draws: ["connect", "close"],
  },
];

for (const { command, fields = {}, input, shows, draws } of EXERCISES) {
  browserTest(
    `${command} runs from the page against its server`,
    async (visit) => {
      await visit.choose(command);
      await visit.startServer();
      await visit.fill(fields);
      const panel = await visit.run();
      for (const line of input ?? []) await visit.type(panel, line);
      if (input) {
        await panel.getByRole("button", { name: "End of input" }).click();
      }
      const { state, text } = await visit.ended(panel);
      assertMatch(text, shows);
      assertEquals(state, "worked");
      const kinds = (await visit.drawn(panel)).map(({ kind }) => kind);
      for (const kind of draws) {
        assert(
          kinds.includes(kind),
          `${kind}: ${kinds}`,
        );
      }
      await stopServer(visit);
    },
  );
}

/** Its panel says that it ended well. */
async function stopServer(visit: Visit): Promise<void> {
  const server = visit.page.locator(".panel").first();
  await server.getByRole("button", { name: "Stop" }).click();
  assertEquals((await visit.ended(server)).state, "worked");
}

browserTest(
  "the page offers every command that needs no terminal",
  async ({ page }) => {
    const shown = await page.locator("nav button b").allTextContents();
    const terminals = ["menu", "completions", "users", "web"];
    const expected = catalogue.map(({ name }) => name)
      .filter((name) => !terminals.includes(name));
    assertEquals(shown.toSorted(), expected.toSorted());
  },
);

browserTest(
  "scan finds the server that runs in the panel beside it",
  async (visit) => {
    await visit.choose("echo");
    const port = await visit.startServer();
    await visit.choose("scan");
    await visit.fill({ ports: port });
    const { state, text } = await visit.ended(await visit.run());
    assertEquals(state, "worked");
    assertMatch(text, new RegExp(`${port}.*open`));
  },
);

browserTest(
  "a server and three clients: what one says, the others read",
  async (visit) => {
    await visit.choose("chat");
    await visit.startServer();
    const clients = [];
    for (const name of ["ana", "ben", "eva"]) {
      await visit.fill({ name });
      const panel = await visit.run();
      await panel.locator("pre", { hasText: `is now ${name}` }).waitFor();
      clients.push(panel);
    }
    await visit.type(clients[0]!, "hello everybody");
    for (const client of clients.slice(1)) {
      await client.locator("pre", { hasText: "hello everybody" }).waitFor();
    }
    for (const client of clients) {
      await client.getByRole("button", { name: "Stop" }).click();
      await visit.ended(client);
    }
  },
);

browserTest(
  "proxy: a fault is switched while bytes pass, and both sides are drawn",
  async (visit) => {
    await visit.choose("proxy");
    await visit.startServer();
    const proxy = await visit.run();
    const line = proxy.getByText(/^Listening on/);
    const [, port = ""] = /:(\d+)/.exec(await line.innerText()) ?? [];
    await proxy.locator(".faults summary").click();
    const corrupt = proxy.getByLabel("corrupt --down");
    const switched = () => visit.page.waitForResponse(/faults$/);
    for (const isOn of [true, false]) {
      const answer = switched();
      await corrupt.setChecked(isOn);
      assertEquals((await answer).status(), 204);
      await visit.choose("echo");
      await visit.fill({ host: "127.0.0.1", port });
      const echo = await visit.run();
      await visit.type(echo, "hello");
      await echo.getByRole("button", { name: "End of input" }).click();
      const { state, text } = await visit.ended(echo);
      assertEquals(state, isOn ? "failed" : "worked", text);
    }
    // Two connections for each client: theirs, and the proxy's own.
    await proxy.getByText("Connections: 4.").waitFor();
  },
);

browserTest(
  "tls proves who answers and is drawn, and the refused port is drawn as refused",
  async (visit) => {
    using folder = new TempFolder({
      "ca.pem": CA,
      "cert.pem": GOOD.cert,
      "key.pem": GOOD.key,
    });
    await using server = await ServerScript.start([
      ...["run", "--no-prompt", "-A", "main.ts", "echoserver", "0", "--tls"],
      ...[`--cert=${folder.of("cert.pem")}`, `--key=${folder.of("key.pem")}`],
    ]);
    await visit.choose("tls");
    await visit.fill({
      host: "localhost",
      port: `${server.port}`,
      ca: folder.of("ca.pem"),
    });
    const tls = await visit.run();
    const { state, text } = await visit.ended(tls);
    assertEquals(state, "worked", text);
    // What was said inside of TLS, when both had shaken hands.
    assertEquals(
      (await visit.drawn(tls)).map(({ kind }) => kind),
      ["head", "connect", "data", "fin", "data", "fin", "close"],
    );
    await server.stop();
    await visit.choose("echo");
    await visit.fill({ port: `${server.port}` });
    const refused = await visit.run();
    assertEquals((await visit.ended(refused)).state, "failed");
    const kinds = (await visit.drawn(refused)).map(({ kind }) => kind);
    assertEquals(kinds, ["head", "refused"]);
  },
);

browserTest(
  "check grades what runs in the panel beside it, both ways round",
  async (visit) => {
    await visit.choose("echo");
    const port = await visit.startServer();
    await visit.choose("check");
    await visit.fill({ role: "echoserver", "host:port": `127.0.0.1:${port}` });
    const attached = await visit.ended(await visit.run());
    assertEquals(attached.state, "worked", attached.text);
    assertMatch(attached.text, /^ok /m);
    await visit.choose("check");
    await visit.fill({ role: "client", listen: "0" });
    const check = await visit.run();
    const said = check.getByText(/127\.0\.0\.1:\d+/).first();
    const [, own = ""] = /127\.0\.0\.1:(\d+)/.exec(await said.innerText()) ??
      [];
    await visit.choose("client");
    await visit.fill({ port: own });
    await visit.run();
    await check.locator(".row.accept").first().waitFor();
    await check.getByRole("button", { name: "Stop" }).click();
    await visit.ended(check);
  },
);

browserTest(
  "what stands in a form wrong is said beside its field",
  async (visit) => {
    const { page } = visit;
    await visit.choose("echo");
    await visit.fill({ port: "70000" });
    await page.locator("#form button[type=submit]").click();
    const field = page.locator("#form .field", { hasText: "port" }).first();
    await field.getByText(/1 to 65535/).waitFor();
    assertEquals(await field.locator("[aria-invalid=true]").count(), 1);
    assertEquals(await page.locator(".panel").count(), 0);
  },
);

browserTest(
  "hosts elsewhere are refused unless the terminal allows them",
  async (visit) => {
    const { page } = visit;
    await visit.choose("scan");
    await visit.fill({ host: "192.0.2.1" });
    await page.locator("#form button[type=submit]").click();
    await page.locator("#form .field").getByText(/--allow-remote/).waitFor();
    assertEquals(await page.locator(".panel").count(), 0);
  },
);
