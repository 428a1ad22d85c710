import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { catalogue } from "../exercises/catalogue.ts";
import { Background } from "../exercises/tools/menu.ts";
import {
  createMenu,
  type Menu,
  type MenuAction,
  type MenuEvent,
  type MenuStep,
  renderMenu,
  stepMenu,
} from "../exercises/tools/menu_state.ts";
import { closedPort, connectTo } from "./support/network.ts";
import { runScript } from "./support/script.ts";
import { HAS_TERMINAL, OnTerminal } from "./support/terminal.ts";

/** Types each line in turn; the last step, and all that was said. */
function type(menu: Menu, ...lines: string[]): MenuStep & { said: string[] } {
  const said: string[] = [];
  let step: MenuStep = { menu };
  for (const text of lines) {
    step = stepMenu(step.menu, { type: "line", text });
    if (step.say !== undefined) said.push(step.say);
  }
  return { ...step, said };
}

function wanted(action: MenuAction | undefined): [string, string, string[]] {
  assert(action && action.does !== "leave", "nothing is to be done");
  return [
    action.does,
    action.command.name,
    action.args,
  ];
}

const basic = createMenu(catalogue, false);
const extended = createMenu(catalogue, true);

Deno.test("the basic menu has one entry for each exercise, in order", () => {
  const names = basic.choices.map(({ command }) => command.name);
  const exercises = catalogue.filter(({ exercise }) => exercise !== undefined);
  assertEquals(names, exercises.map(({ name }) => name));
  assertStringIncludes(renderMenu(basic), "\n   q  leave\n");
  const numbers = new Set(exercises.map(({ exercise }) => exercise));
  assertEquals([...numbers], [...numbers].map((_, i) => i + 1));
});

Deno.test("the extended menu adds the tools, and each server to start", () => {
  const shown = renderMenu(extended);
  for (const { name, title, exercise, listens } of catalogue) {
    if (["menu", "completions", "check"].includes(name)) continue;
    if (listens) {
      assertStringIncludes(shown, `start       ${name} in the background`);
    }
    if (exercise !== undefined || !listens) assertStringIncludes(shown, title);
  }
});

Deno.test("the menu fits into 80 columns, and says nothing twice", () => {
  for (const row of renderMenu(extended).split("\n")) {
    assert(row.length < 80, row);
  }
  const { menu } = type(basic, "scan", "");
  assertEquals(
    renderMenu(menu),
    "  ports: 80, 1-1024 or 22,80,8000-8010 [1-1024]: ",
  );
});

Deno.test("the menu asks for what an exercise needs; Enter takes the suggestion", () => {
  const step = type(basic, "daytime");
  assertEquals(
    renderMenu(step.menu),
    "  host: name, IPv4 or IPv6 address [127.0.0.1]: ",
  );
  const next = type(step.menu, "");
  // The port of the local server, not port 13, where nothing listens.
  assertStringIncludes(renderMenu(next.menu), "[1313]: ");
  const { action, menu } = type(next.menu, "");
  assertEquals(wanted(action), ["run", "daytime", ["127.0.0.1", "1313"]]);
  assertEquals(menu.asking, null);
});

Deno.test("the menu takes numbers, names and spaces around them", () => {
  assertEquals(
    wanted(type(basic, " 1 ", " ::1 ", " 80,90 ").action),
    ["run", "scan", ["::1", "80,90"]],
  );
  assertEquals(
    wanted(type(basic, "scan", "localhost", "").action),
    ["run", "scan", ["localhost", "1-1024"]],
  );
});

Deno.test("the menu suggests the port of the server that runs", () => {
  const running = new Map([["echoserver", "7999"], ["server", "0"]]);
  const menu = createMenu(catalogue, true, running);
  assertStringIncludes(renderMenu(menu), "stop        echoserver");
  assertEquals(
    wanted(type(menu, "4", "", "").action),
    ["run", "echo", ["127.0.0.1", "7999"]],
  );
  // Port 0 was the system's choice: no port to connect to.
  assertEquals(
    wanted(type(menu, "client", "", "").action),
    ["run", "client", ["127.0.0.1", "8000"]],
  );
});

Deno.test("wrong input is one line, and the same question again", () => {
  for (const word of ["99", "0", "-1", "nope", "1.5", "\x1b[A"]) {
    const { menu, said, action } = type(basic, word);
    assertEquals(said.length, 1, word);
    assertEquals(said[0]!.includes("\n"), false);
    assertEquals([menu, action], [{ ...basic, listed: true }, undefined]);
  }
  const asking = type(basic, "daytime").menu;
  for (const host of ["http://x", "a b", "a:80"]) {
    const { menu, said } = type(asking, host);
    assertEquals(said.length, 1, host);
    assertEquals(menu, asking);
  }
  const port = type(asking, "").menu;
  for (const text of ["0", "70000", "abc", "-5"]) {
    const { menu, said } = type(port, text);
    assertStringIncludes(said[0]!, "Expected a port");
    assertEquals(menu, port);
  }
});

Deno.test("Ctrl-C goes back to the list, and leaves from there; Ctrl-D leaves", () => {
  const asking = type(basic, "daytime", "").menu;
  const back = stepMenu(asking, { type: "interrupt" });
  assertEquals(back, { menu: { ...basic, listed: true } });
  const leave = { does: "leave" } as const;
  assertEquals(stepMenu(basic, { type: "interrupt" }).action, leave);
  const end: MenuEvent = { type: "end" };
  assertEquals(stepMenu(basic, end).action, leave);
  assertEquals(stepMenu(asking, end).action, leave);
  for (const word of ["q", "", "quit", "exit"]) {
    assertEquals(type(basic, word).action, leave);
  }
});

Deno.test("starting and stopping a server: what the menu wants of its shell", () => {
  const start = extended.choices.findIndex((choice) =>
    choice.does === "start" && choice.command.name === "echoserver"
  );
  assertEquals(
    wanted(type(extended, `${start + 1}`, "0").action),
    ["start", "echoserver", ["0"]],
  );
  const running = createMenu(catalogue, true, new Map([["echoserver", "0"]]));
  assertEquals(
    wanted(type(running, `${start + 1}`).action),
    ["stop", "echoserver", []],
  );
});

Deno.test("Background runs a server beside the menu, and stops it", async () => {
  const command = catalogue.find(({ name }) => name === "daytimeserver")!;
  const { writeSync } = Deno.stdout;
  let address = "";
  Deno.stdout.writeSync = (bytes) => {
    address = new TextDecoder().decode(bytes).trim();
    return bytes.length;
  };
  try {
    await using background = new Background();
    await background.start(command, ["0"]);
    assertEquals([...background.ports], [["daytimeserver", "0"]]);
    const port = Number(/:(\d+)$/.exec(address)?.[1]);
    using conn = await connectTo(port);
    assert(await conn.read(new Uint8Array(64)) !== null);
    await background.stop("daytimeserver");
    assertEquals(background.ports.size, 0);
  } finally {
    Deno.stdout.writeSync = writeSync;
  }
});

Deno.test({
  name: "without arguments, on a terminal, the menu comes up and works",
  ignore: !HAS_TERMINAL, // There is no `script` here.
  fn: async () => {
    const flags = ["run", "--no-prompt", "--allow-net=127.0.0.1"];
    const words = [Deno.execPath(), ...flags, "main.ts"];
    using closed = await closedPort();
    const menu = OnTerminal.run(words, { TERM: "dumb" });
    await menu.see("Choose [q]: ");
    await menu.type("nope\n");
    await menu.see('There is no "nope"');
    await menu.see("Choose, ? shows the list [q]: ");
    await menu.type("?\n");
    await menu.see("Choose [q]: ");
    await menu.type("server\n");
    await menu.see("[8000]: ");
    await menu.type("0\n");
    await menu.see("Listening on 127.0.0.1:");
    await menu.type("\x03"); // Ctrl-C stops it.
    await menu.see("Choose, ? shows the list [q]: ");
    await menu.type("client\n\n");
    await menu.see("[8000]: ");
    await menu.type(`${closed.port}\n`);
    await menu.see("Its server is server: ");
    await menu.see("Choose, ? shows the list [q]: ");
    await menu.type("q\n");
    assertEquals((await menu.end()).code, 0);
  },
});

Deno.test({
  name: "who leaves the extended menu is told of the servers that stop",
  ignore: !HAS_TERMINAL, // There is no `script` here.
  fn: async () => {
    const flags = ["run", "--no-prompt", "--allow-net=127.0.0.1"];
    const words = [Deno.execPath(), ...flags, "main.ts", "menu", "--extended"];
    const menu = OnTerminal.run(words, { TERM: "dumb" });
    const list = await menu.see("Choose [q]: ");
    using closed = await closedPort();
    await menu.type(`client\n\n${closed.port}\n`);
    await menu.see("Its server is server: ");
    await menu.see("start it here, or in another terminal");
    await menu.see("Choose, ? shows the list [q]: ");
    const [, number] = /(\d+) +start +echoserver/.exec(list)!;
    await menu.type(`${number}\n`);
    await menu.see("[7007]: ");
    await menu.type("0\n");
    await menu.see("Listening on 127.0.0.1:");
    await menu.see("Choose, ? shows the list [q]: ");
    await menu.type("q\n");
    await menu.see("echoserver has stopped");
    assertEquals((await menu.end()).code, 0);
  },
});

Deno.test("the menu's own script is the same menu", async () => {
  const words = ["run", "--no-prompt", "exercises/tools/menu.ts"];
  const { code, stdout, stderr } = await runScript(words, { input: "q\n" });
  assertEquals([code, stdout], [0, ""]);
  assertEquals(stderr, renderMenu(basic));
});
