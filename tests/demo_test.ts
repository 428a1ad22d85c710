/** The demo: which steps it shows. */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { runScript } from "./support/script.ts";
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
  ["test", "test"],
];

for (const [word, command] of CHOICES) {
  Deno.test(`demo ${word} shows one exercise`, async () => {
    const { code, stdout } = await runScript([...DEMO, word, "--json"]);
    assertEquals(code, 0);
    assertEquals(JSON.parse(stdout).command, command); // One line of JSON.
  });
}

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
    assertStringIncludes(shown, "All 8 checks passed.");
    assertEquals(shown.includes("Press Enter"), false);
  },
});
