import { assertEquals, assertStringIncludes } from "@std/assert";
import { createSampleFiles, sampleFiles } from "../exercises/tools/samples.ts";
import { ROOT, runScript } from "./support/script.ts";

Deno.test("shared_files/ holds the samples, byte for byte", async () => {
  for (const [name, content] of sampleFiles()) {
    const path = new URL(`shared_files/${encodeURIComponent(name)}`, ROOT);
    assertEquals(await Deno.readFile(path), content, name);
  }
});

Deno.test("createSampleFiles() writes what is missing, and more only with force", async () => {
  const dir = await Deno.makeTempDir();
  const write = (force: boolean) =>
    Array.fromAsync(createSampleFiles(`${dir}/new`, { force }));
  const first = await write(false);
  assertEquals(first.every(({ written }) => written), true);
  const path = first[0]!.path;
  await Deno.writeTextFile(path, "mine");
  assertEquals((await write(false)).some(({ written }) => written), false);
  assertEquals(await Deno.readTextFile(path), "mine");
  await write(true);
  assertStringIncludes(await Deno.readTextFile(path), "tcplab");
  await Deno.remove(dir, { recursive: true });
});

Deno.test("samples, with the flags of its header, writes the files and says so", async () => {
  const dir = await Deno.makeTempDir();
  const flags = ["--no-prompt", `--allow-write=${dir}`];
  const script = ["run", ...flags, "main.ts", "samples", dir];
  const { code, stdout } = await runScript(script);
  assertEquals(code, 0);
  for (const name of sampleFiles().keys()) assertStringIncludes(stdout, name);
  const again = await runScript(script);
  assertStringIncludes(again.stdout, "--force");
  await Deno.remove(dir, { recursive: true });
});
