/** The completions, in the shells themselves where they are installed. */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { catalogue } from "../exercises/catalogue.ts";
import type { CommandSpec } from "../exercises/cli/command_spec.ts";
import {
  choice,
  flag,
  host,
  milliseconds,
  port,
  text,
} from "../exercises/cli/parameters.ts";
import { shellCompletions } from "../exercises/tools/completions.ts";
import { bashCompletions } from "../exercises/tools/completions/bash.ts";
import { fishCompletions } from "../exercises/tools/completions/fish.ts";
import { zshCompletions } from "../exercises/tools/completions/zsh.ts";
import { ROOT, runScript } from "./support/script.ts";

/** A command with everything that can be completed, and awkward texts. */
const spec: CommandSpec = {
  name: "try",
  title: 'Try: it\'s [one] of \\ "them", $HOME `date`',
  arguments: {
    host: host("a host"),
    port: port("a port", "7"),
    action: choice("what to do", ["list", "get", ""], ""),
    folder: text("where to", { path: "folder", fallback: "." }),
  },
  rest: { name: "host[:port]", about: "more: of [them]" },
  options: {
    timeout: milliseconds("a time: it's [long]", "500"),
    output: text("a file", { path: "file" }),
    mode: choice("how", ["fast", "slow"], "fast"),
    watch: { ...choice("see", ["bytes", "words"]), alone: "words" },
    json: flag("JSON"),
  },
  permissions: [],
  examples: ["try a", "try b"],
};
const other: CommandSpec = {
  ...spec,
  name: "test",
  arguments: {},
  options: {},
};

/** What is typed, a Tab, and what is offered; in the root of the project. */
const TYPED: [words: string[], offered: string[]][] = [
  [["t"], ["test", "try"]],
  [["tr"], ["try"]],
  [["--"], ["--help"]],
  [["try", "--"], [
    "--help",
    "--json",
    "--mode",
    "--output",
    "--timeout",
    "--watch",
  ]],
  [["try", "h", "80", "list", "--t"], ["--timeout"]],
  [["test", "--"], ["--help"]],
  [["try", ""], []],
  [["try", "h", ""], []],
  [["try", "h", "80", ""], ["get", "list"]],
  [["try", "h", "80", "g"], ["get"]],
  [["try", "h", "80", "get", "shared_fi"], ["shared_files"]],
  [["try", "h", "80", "get", "main."], []],
  [["try", "h", "80", "get", ".", ""], []],
  [["try", "test", "80", "g"], ["get"]],
  [["try", "--timeout", "5", "h", "80", "g"], ["get"]],
  [["try", "--json", "h", "--mode", "slow", "80", "g"], ["get"]],
  [["try", "--timeout", "g"], []],
  [["try", "--mode", ""], ["fast", "slow"]],
  [["try", "h", "--mode", "s"], ["slow"]],
  [["try", "--watch", "h", "80", "g"], ["get"]],
  [["try", "h", "--watch", "80", "g"], ["get"]],
  [["try", "--output", "main."], ["main.ts"]],
  [["test", "h", "80", "g"], []],
  [["nope", "--"], []],
];

/** Bash has its own notion of words, which is given here as it cuts them. */
const TYPED_IN_BASH: [words: string[], offered: string[]][] = [
  ...TYPED,
  [["try", "::", "1", "80", "g"], ["get"]],
  [["try", "fe80", "::", "1", "80", "g"], ["get"]],
  [["try", "[", "::", "1]", "80", "g"], ["get"]],
  [["try", "h", ":", "80", ""], []],
  [["try", "h", "80", ":", "g"], []],
  [["try", "--mode", "--"], []],
  [["try", "--mode", "="], ["fast", "slow"]],
  [["try", "--mode", "=", "s"], ["slow"]],
  [["try", "--mode", "=", "slow", "h", "80", "g"], ["get"]],
  [["try", "--watch", ""], []],
  [["try", "--watch", "="], ["bytes", "words"]],
  [["try", "--watch", "=", "b"], ["bytes"]],
  [["try", "--watch", "=", "bytes", "h", "80", "g"], ["get"]],
];

interface Output {
  code: number;
  text: string;
}

/** Runs a shell, without the files of who runs the tests. */
async function run(shell: string, ...args: string[]): Promise<Output> {
  const command = new Deno.Command(shell, { args, cwd: ROOT });
  const { code, stdout, stderr } = await command.output();
  const decoder = new TextDecoder();
  return { code, text: decoder.decode(stdout) + decoder.decode(stderr) };
}

function isInstalled(shell: string): boolean {
  try {
    return new Deno.Command(shell, { args: ["--version"] }).outputSync()
      .success;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

const generators = {
  bash: bashCompletions,
  zsh: zshCompletions,
  fish: fishCompletions,
};

for (const shell of ["bash", "zsh", "fish"] as const) {
  Deno.test({
    name: `${shell} takes the script, and what stands in it stays text`,
    ignore: !isInstalled(shell), // It is not installed here.
    fn: async () => {
      for (
        const script of [
          shellCompletions(shell),
          generators[shell]([spec, other]),
        ]
      ) {
        const result = await run(shell, "-n", "-c", script);
        assertEquals(result, { code: 0, text: "" });
      }
    },
  });

  Deno.test(`the completions for ${shell} have every command of the catalogue, and every option`, () => {
    const script = shellCompletions(shell);
    for (const { name, options } of catalogue) {
      assertStringIncludes(script, name);
      for (const option of Object.keys(options)) {
        assertStringIncludes(script, option);
      }
    }
  });

  Deno.test(`the script for ${shell} says at its top how to use it`, () => {
    const top = shellCompletions(shell).split("\n").slice(0, 5).join("\n");
    assertStringIncludes(top, `tcplab completions ${shell}`);
    assertStringIncludes(top, "For every shell");
  });
}

Deno.test({
  name: "bash offers what fits",
  ignore: !isInstalled("bash"), // It is not installed here.
  fn: async () => {
    const lines = TYPED_IN_BASH.map(([words]) => {
      const all = ["tcplab", ...words].map((word) => `'${word}'`);
      return `COMP_WORDS=(${all.join(" ")}); COMP_CWORD=${words.length}; ` +
        `_tcplab; echo "\${COMPREPLY[@]}"`;
    });
    const script = [bashCompletions([spec, other]), ...lines].join("\n");
    const { text } = await run("bash", "--norc", "-c", script);
    const offered = text.trimEnd().split("\n").map(sortedWords);
    TYPED_IN_BASH.forEach(([words, expected], i) =>
      assertEquals(offered[i], expected, words.join(" "))
    );
  },
});

Deno.test({
  name: "fish offers what fits",
  ignore: !isInstalled("fish"), // It is not installed here.
  fn: async () => {
    const lines = TYPED.map(([words]) =>
      `complete -C '${["tcplab", ...words].join(" ")}'; echo .`
    );
    const script = [fishCompletions([spec, other]), ...lines].join("\n");
    const { text } = await run("fish", "--no-config", "-c", script);
    // A line is a word, a tab and what it means; a dot ends each answer.
    const answers = text.split(/^\.\n/m).map((answer) =>
      sortedWords(answer.replace(/[/=]?\t.*$/gm, "").replace(/\s+/g, " "))
    );
    TYPED.forEach(([words, expected], i) =>
      assertEquals(answers[i], expected, words.join(" "))
    );
  },
});

Deno.test({
  name: "zsh offers what fits",
  ignore: !isInstalled("zsh"), // It is not installed here.
  fn: async () => {
    const script = await Deno.makeTempFile();
    const lines = TYPED.map(([words]) => ["tcplab", ...words].join(" "));
    try {
      await Deno.writeTextFile(script, zshCompletions([spec, other]));
      const typist = "tests/support/type_in_zsh.zsh";
      const { text } = await run("zsh", "-f", typist, script, ...lines);
      const offered = text.trimEnd().split("\n").map(sortedWords);
      TYPED.forEach(([words, expected], i) =>
        assertEquals(offered[i] ?? [], expected, words.join(" "))
      );
    } finally {
      await Deno.remove(script);
    }
  },
});

/** Each once: zsh offers some in two groups. */
function sortedWords(line: string): string[] {
  return [...new Set(line.split(" "))].filter((word) => word !== "").sort();
}

Deno.test("the command prints the script; another shell is refused, exit 2", async () => {
  const command = ["run", "--no-prompt", "main.ts", "completions"];
  const { code, stdout, stderr } = await runScript([...command, "bash"]);
  assertEquals([code, stdout, stderr], [
    0,
    `${shellCompletions("bash")}\n`,
    "",
  ]);
  const wrong = await runScript([...command, "tcsh"]);
  assertEquals([wrong.code, wrong.stdout], [2, ""]);
  assertStringIncludes(
    wrong.stderr,
    'Expected bash or zsh or fish, got "tcsh"',
  );
});

Deno.test("every argument and option that is a path is marked as one", () => {
  for (const { name, arguments: args, options } of catalogue) {
    for (const [key, value] of Object.entries({ ...args, ...options })) {
      if ("flag" in value) continue;
      const isPath = /^(dir|file|folder|output|path)$/.test(key) ||
        /<(path|file|folder|dir|pem)>/.test(value.placeholder ?? "");
      assertEquals(value.path !== undefined, isPath, `${name} ${key}`);
    }
  }
});
