import { assert, assertEquals, assertMatch } from "@std/assert";
import { catalogue } from "../exercises/catalogue.ts";
import { tableOf } from "../exercises/cli/command_spec.ts";
import { port } from "../exercises/cli/parameters.ts";
import { parseCommand } from "../exercises/cli/parse_command.ts";
import { ROOT } from "./support/script.ts";

Deno.test("every command has a name of its own, and a title of one line", () => {
  const names = catalogue.map(({ name }) => name);
  assertEquals(new Set(names).size, names.length);
  for (const { name, title } of catalogue) {
    assertMatch(name, /^[a-z]+$/);
    assertMatch(title, /^[A-Z].{10,75}$/);
  }
});

Deno.test("every row loads the script that it names", async () => {
  for (const { file, load } of catalogue) {
    const script = await import(new URL(file, ROOT).href);
    assert((await load()).main === script.main, file);
  }
});

Deno.test("what follows from a row: name, usage, number, title and permissions", () => {
  const row = {
    file: "exercises/09_proxy.ts",
    load: catalogue[0]!.load,
    title: "relay",
    arguments: { port: port("to listen on", "9") },
    options: {},
    examples: [],
  };
  const { proxy, beside } = tableOf({
    proxy: row,
    beside: { ...row, local: true, permissions: [] },
  });
  assertEquals([proxy.name, proxy.usage], ["proxy", "proxy [port=9]"]);
  assertEquals([proxy.exercise, proxy.title], [9, "Exercise 9: relay"]);
  assertEquals(proxy.permissions, ["--allow-net=<host>:<port>"]);
  assertEquals([beside.exercise, beside.title], [undefined, "relay"]);
  assertEquals(beside.permissions, []);
});

Deno.test("every command that connects or listens can be watched, and no other", () => {
  const watched = catalogue.filter(({ options }) => "trace" in options);
  const others = catalogue.filter((row) => !watched.includes(row));
  for (const { options } of watched) assert("diagram" in options);
  assertEquals(others.map(({ name }) => name), [
    "tls", // It puts TLS on a connection of its own: watch it with the proxy.
    "samples",
    "certificate",
    "users",
    "web", // What it runs can be.
    "menu",
    "completions",
  ]);
});

Deno.test("every command has two examples, and its own parser takes them", () => {
  for (const spec of catalogue) {
    assert(spec.examples.length >= 2, `${spec.name} has too few examples`);
    for (const example of spec.examples) {
      // What the shell takes for itself stands behind.
      const [words = ""] = example.split(/ [<>|]/);
      const [name, ...args] = words.split(" ");
      assertEquals(name, spec.name, example);
      parseCommand(spec, args);
    }
  }
});

Deno.test("every default is a value that its parameter takes", () => {
  for (const spec of catalogue) {
    const parameters = { ...spec.arguments, ...spec.options };
    for (const [name, parameter] of Object.entries(parameters)) {
      if (!("default" in parameter) || !parameter.default) continue;
      assert(
        parameter.parse(parameter.default) !== undefined,
        `${spec.name} ${name}`,
      );
    }
  }
});

Deno.test("every time says its unit, and every server can be tried", () => {
  for (const spec of catalogue) {
    for (const [name, option] of Object.entries(spec.options)) {
      if (!/timeout|idle|total/.test(name) || "flag" in option) continue;
      assertEquals(option.placeholder, "<ms>", `${spec.name} --${name}`);
    }
    if (spec.tryWith === undefined) continue;
    const server = catalogue.find(({ name }) => name === spec.tryWith);
    assert(server?.listens, `${spec.name} cannot be tried`);
  }
});
