/** The demo: which steps it shows, and what can be watched of them. */
import {
  assert,
  assertEquals,
  assertMatch,
  assertStringIncludes,
} from "@std/assert";
import type { TraceEvent } from "../protocol/transport/trace.ts";
import { runScript } from "./support/script.ts";
import { TempFolder } from "./support/temp_folder.ts";
import { HAS_TERMINAL, OnTerminal } from "./support/terminal.ts";

const DEMO = [
  ...["run", "--no-prompt", "--allow-net=127.0.0.1"],
  ...["--allow-read=shared_files", "main.ts", "demo"],
];

const CHOICES: [word: string, command: string][] = [
  ["4", "echo"],
  ["echo", "echo"],
  ["5", "client"],
  ["6", "client"],
  ["sealed", "chat --sealed"],
  ["users", "fileserver --users"],
  ["10", "tls"],
  ["test", "test"],
];

for (const [word, command] of CHOICES) {
  Deno.test(`demo ${word} shows one exercise`, async () => {
    const { code, stdout } = await runScript([...DEMO, word, "--json"]);
    assertEquals(code, 0);
    assertEquals(JSON.parse(stdout).command, command); // One line of JSON.
  });
}

for (const [step, connections] of [["echo", 1], ["chat", 2]] as const) {
  Deno.test(`demo ${step} --trace tells both ends of each connection`, async () => {
    const args = [...DEMO, step, "--json", "--trace=json"];
    const { stderr } = await runScript(args);
    const events = stderr.trim().split("\n")
      .map((line): TraceEvent => JSON.parse(line));
    const told = (role: TraceEvent["role"]) =>
      events.filter((event) => event.role === role);
    const numbers = (role: TraceEvent["role"]) =>
      new Set(told(role).map(({ conn }) => conn)).size;
    const sent = (role: TraceEvent["role"]) =>
      told(role).filter(({ dir }) => dir === "->")
        .reduce((sum, { bytes = 0 }) => sum + bytes, 0);
    assertEquals(numbers("client"), connections);
    assertEquals(numbers("server"), connections);
    assert(sent("client") > 0);
    assertEquals(sent("server"), sent("client"));
  });
}

Deno.test("demo --diagram draws each end, of the server's connection too", async () => {
  using folder = new TempFolder();
  const file = folder.of("echo.mmd");
  const files = [
    `--allow-read=.,${folder.path}`,
    `--allow-write=${folder.path}`,
  ];
  const args = ["run", "--no-prompt", "--allow-net=127.0.0.1", ...files];
  const words = ["main.ts", "demo", "echo", "--json", "--diagram", file];
  const { code, stderr } = await runScript([...args, ...words]);
  assertEquals(code, 0, stderr);
  const drawn = await Deno.readTextFile(file);
  assertMatch(drawn, /->>\w: connect 127.0.0.1:/);
  assertMatch(drawn, /->>\w: accept 127.0.0.1:/);
});

Deno.test("demo refuses what it has no step for", async () => {
  const { code, stderr } = await runScript([...DEMO, "9"]);
  assertEquals(code, 2);
  assertStringIncludes(stderr, 'or test, got "9"');
});

Deno.test({
  name: "demo --step waits for Enter, and no more once the input has ended",
  ignore: !HAS_TERMINAL, // There is no `script` here.
  fn: async () => {
    const demo = OnTerminal.run([Deno.execPath(), ...DEMO, "--step"]);
    await demo.see("Press Enter to go on: ");
    await demo.type("\n");
    await demo.see("Exercise 2: ");
    await demo.see("Press Enter to go on: ");
    await demo.type("\x04"); // Ctrl-D.
    const { shown, code } = await demo.end();
    assertEquals(code, 0);
    assertStringIncludes(shown, "All 12 checks passed.");
    assertEquals(shown.includes("Press Enter"), false);
  },
});
