/**
 * `deno task compile`: one executable for this machine, dist/tcplab.
 * `deno task compile:all`: one for each system that Deno compiles for.
 * A folder given as an argument takes the place of dist.
 *
 * DENO_COMPILER, when it is set, is the deno to compile with in place of this
 * one; DENORT_BIN, which `deno compile` itself reads, is the runtime to embed.
 */

import { catalogue } from "../exercises/catalogue.ts";
import { flagsOf } from "./generate.ts";

/** Name of the executable, by what `deno compile --target` calls the system. */
const TARGETS: Record<string, string> = {
  "x86_64-unknown-linux-gnu": "tcplab-linux-x64",
  "aarch64-unknown-linux-gnu": "tcplab-linux-arm64",
  "x86_64-apple-darwin": "tcplab-macos-x64",
  "aarch64-apple-darwin": "tcplab-macos-arm64",
  "x86_64-pc-windows-msvc": "tcplab-windows-x64.exe",
};

/**
 * An executable takes no --allow flags: what it may do is decided here. It may
 * what any of its commands may: hosts and folders are chosen by who runs it, so
 * it uses the network and files as that person may, but it runs no programs,
 * loads no libraries, and reads of the environment no more than TERM.
 */
const PERMISSIONS = ["--no-prompt", ...flagsOf(catalogue)];

/**
 * A worker is loaded by its path, which the compiler does not follow, and so are
 * the files of the page; the demo serves the shared files wherever it is
 * started. Types are checked by `deno task ok`; here the check would only want
 * more packages.
 */
const CONTENT = [
  "--no-check",
  ...["--include", "exercises/01_scan/scan_worker.ts"],
  ...["--include", "exercises/04_echo/echo_pool.ts"],
  ...["--include", "exercises/tools/web/run_worker.ts"],
  ...["--include", "exercises/tools/web/page"],
  ...["--include", "shared_files"],
];

/** The compiler fetches the runtime, or fails with one of these words. */
const UNREACHABLE =
  /denort-\S+\.zip|error sending request|client error|dns error/i;

async function compile(output: string, target: string[]): Promise<number> {
  const compiler = Deno.env.get("DENO_COMPILER") ?? Deno.execPath();
  const path = `${folder}/${output}`;
  const { code, stderr } = await new Deno.Command(compiler, {
    args: [
      ...["compile", ...PERMISSIONS, ...CONTENT, ...target],
      ...["--output", path, "main.ts"],
    ],
    stdin: "null",
    stdout: "inherit",
    stderr: "piped",
  }).output();
  const said = new TextDecoder().decode(stderr);
  if (code === 0) console.log(path);
  else if (UNREACHABLE.test(said)) {
    console.error(
      "The runtime that an executable embeds could not be fetched from Deno's " +
        "download server: try again where that can be reached, or set " +
        "DENORT_BIN to the denort of this version.",
    );
  } else console.error(said);
  return code === 0 ? 0 : 1;
}

const folder = Deno.args.find((word) => !word.startsWith("--")) ?? "dist";
const failures = Deno.args.includes("--all")
  ? await Array.fromAsync(
    Object.entries(TARGETS),
    ([target, output]) => compile(output, ["--target", target]),
  )
  : [await compile(Deno.build.os === "windows" ? "tcplab.exe" : "tcplab", [])];
Deno.exit(Math.max(...failures));
