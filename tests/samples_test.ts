import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { ExerciseError } from "../exercises/cli/outcome.ts";
import { createSampleFiles, sampleFiles } from "../exercises/tools/samples.ts";
import { ROOT, runScript } from "./support/script.ts";
import { TempFolder } from "./support/temp_folder.ts";

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
  const flags = ["--no-prompt", `--allow-read=${dir}`, `--allow-write=${dir}`];
  const script = ["run", ...flags, "main.ts", "samples", dir];
  const { code, stdout } = await runScript(script);
  assertEquals(code, 0);
  for (const name of sampleFiles().keys()) assertStringIncludes(stdout, name);
  const again = await runScript(script);
  assertStringIncludes(again.stdout, "--force");
  await Deno.remove(dir, { recursive: true });
});

const IN_THE_WAY: [
  what: string,
  put: (path: string, other: string) => unknown,
][] = [
  ["a link", (path, other) => Deno.symlink(other, path)],
  ["a broken link", (path, other) => Deno.symlink(`${other}.none`, path)],
  ["a pipe", (path) => new Deno.Command("mkfifo", { args: [path] }).output()],
  ["a folder", (path) => Deno.mkdir(path)],
];

for (const [what, put] of IN_THE_WAY) {
  Deno.test({
    name: `samples --force writes nothing through ${what}, and says so`,
    ignore: Deno.build.os === "windows", // There is no mkfifo.
    fn: async () => {
      using dir = new TempFolder({ other: "precious" });
      const other = dir.of("other");
      await put(dir.of("hello.txt"), other);
      const error = await assertRejects(
        () => Array.fromAsync(createSampleFiles(dir.path, { force: true })),
        ExerciseError,
      );
      assertStringIncludes(
        error.message,
        "hello.txt is there already, and no file",
      );
      assertEquals(await Deno.readTextFile(other), "precious");
      assertEquals(dir.names(), ["hello.txt", "other"]);
    },
  });
}

Deno.test("samples of no name are no folder: nothing is written to /", async () => {
  const words = ["run", "--no-prompt", "main.ts", "samples", ""];
  const { code, stdout, stderr } = await runScript(words);
  assertEquals([code, stdout], [2, ""]);
  assertStringIncludes(stderr, 'samples: Expected a folder, got ""');
});
