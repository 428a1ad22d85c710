import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { type CommandSpec, usageOf } from "../exercises/cli/command_spec.ts";
import { helpOf } from "../exercises/cli/help.ts";
import { UsageError } from "../exercises/cli/outcome.ts";
import {
  choice,
  count,
  flag,
  host,
  milliseconds,
  port,
  portList,
  text,
} from "../exercises/cli/parameters.ts";
import { likelyWord, parseCommand } from "../exercises/cli/parse_command.ts";

const spec = {
  name: "try",
  title: "Something to try",
  arguments: {
    host: host("a host"),
    port: port("a port", "7"),
    action: choice("what to do", ["list", "get", ""], ""),
  },
  rest: { name: "names", about: "file names" },
  options: {
    timeout: milliseconds("a time", "500"),
    lanes: count("a number", "64", { maximum: 100 }),
    output: text("a path", { placeholder: "<path>" }),
    json: flag("JSON"),
    "no-verify": flag("trust"),
    trace: {
      ...choice("how", ["text", "hex"]),
      alone: "text",
      placeholder: "<format>",
    },
  },
  permissions: ["--allow-net=<host>:<port>"],
  examples: ["try a", "try b 80"],
} as const satisfies CommandSpec;

Deno.test("parseCommand() gives defaults for what is left out", () => {
  assertEquals(parseCommand(spec, ["localhost"]), {
    host: "localhost",
    port: 7,
    action: "",
    timeout: 500,
    lanes: 64,
    output: undefined as unknown as string,
    json: false,
    "no-verify": false,
    trace: undefined as unknown as "text",
    rest: [],
  });
});

const READ: [args: string, name: string, expected: unknown][] = [
  ["h --timeout 9", "timeout", 9],
  ["h --timeout=9", "timeout", 9],
  ["h --output -", "output", "-"],
  ["h --output=--x", "output", "--x"],
  ["h --output a=b=c", "output", "a=b=c"],
  ["--json h 80", "port", 80],
  ["h 80 --no-verify", "no-verify", true],
  ["h 80 get --json true x", "rest", ["true", "x"]],
  ["h 80 get --no-verify true", "rest", ["true"]],
  ["h", "trace", undefined],
  ["h --trace", "trace", "text"],
  ["--trace h", "host", "h"],
  ["h --trace=hex", "trace", "hex"],
  ["h --trace --trace=hex", "trace", "hex"],
  ["h 80 get --trace hex", "rest", ["hex"]],
  ["h 80 get --trace hex", "trace", "text"],
  ["h 80 get -- --trace", "trace", undefined],
  ["h 80 get -- --json -x", "rest", ["--json", "-x"]],
  ["h 80 get 0x10 1e3", "rest", ["0x10", "1e3"]],
  ["[::1]", "host", "::1"],
  ["fe80::1%eth0", "host", "fe80::1%eth0"],
  ["mañana.test", "host", "xn--maana-pta.test"],
  ["LocalHost", "host", "LocalHost"],
  ["h:80", "host", "h"],
  ["h:80", "port", 80],
  ["h:80 80", "port", 80],
  ["[::1]:80", "host", "::1"],
  ["[::1]:80", "port", 80],
  ["[::1%2]:80 get", "host", "::1%2"],
  ["127.0.0.1:80 get a", "action", "get"],
  ["127.0.0.1:80 get 81", "rest", ["81"]],
  ["127.0.0.1:80 80 get 81", "rest", ["81"]],
];

for (const [args, name, expected] of READ) {
  Deno.test(`parseCommand() reads ${name} from "${args}"`, () => {
    const values = parseCommand(spec, args.split(" "));
    assertEquals((values as Record<string, unknown>)[name], expected);
  });
}

const REFUSED: [args: string[], message: string][] = [
  [[], "Missing <host>"],
  [[""], "Expected a host name"],
  [["http://a"], "Expected a host name"],
  [["a:b"], "Expected a port from 1 to 65535"],
  [["a:"], "Expected a port from 1 to 65535"],
  [[":80"], "Expected a host name"],
  [["[a]:80"], "Expected a host name"],
  [["::1:zz"], "Expected a host name"],
  [["a:70000"], "Expected a port from 1 to 65535"],
  [["a:1,2"], "Expected a port from 1 to 65535"],
  [["a:80", "81"], "Expected one port, got 80 and 81"],
  [["127.0.0.010"], "some read it as 127.0.0.8"],
  [["0x7f.0.0.1"], "some read it as 127.0.0.1"],
  [["127.1"], "some read it as 127.0.0.1"],
  [["2130706433"], "some read it as 127.0.0.1"],
  [["127.0.0.1."], "four decimal numbers"],
  [["１２７.0.0.1"], "four decimal numbers"],
  [["256.0.0.1"], "Expected a host name"],
  [["a b"], "Expected a host name"],
  [["h", "0"], "Expected a port from 1 to 65535"],
  [["h", "70000"], "70000"],
  [["h", "abc"], '"abc"'],
  [["h", "-5"], "Unknown option -5"],
  [["h", "1.5"], "Expected a port"],
  [["h", "80", "put"], "Expected list or get"],
  [["h", "--nope"], "Unknown option --nope"],
  [["h", "--nope=1"], "Unknown option --nope"],
  [["h", "--jsno"], "Unknown option --jsno, did you mean --json?"],
  [["h", "-json"], "Unknown option -json, did you mean --json?"],
  [["h", "--timout=5"], "Unknown option --timout, did you mean --timeout?"],
  [["h", "--hlep"], "Unknown option --hlep, did you mean --help?"],
  [["h", "--__proto__=1"], "Unknown option --__proto__"],
  [["h", "-x"], "Unknown option"],
  [["h", "--_"], "Unknown option --_"],
  [["h", "--_=x"], "Unknown option --_"],
  [["h", "-_"], "Unknown option -_"],
  [["h", "--x\ny"], 'Unknown option "--x\\ny"'],
  [["h", "--\x1b[31mx"], 'Unknown option "--\\u001b[31mx"'],
  [["h", "--timeout"], "Option --timeout needs a value"],
  [["h", "--timeout", "--json"], "Option --timeout needs a value"],
  [["h", "--timeout", "-5"], "for --timeout"],
  [["h", "--timeout", "soon"], "for --timeout"],
  [["h", "--lanes", "101"], "from 1 to 100"],
  [["h", "--trace=hax"], 'Expected text or hex, got "hax" for --trace'],
  [["h", "--trace="], "Option --trace needs a value"],
  [["h", "--tarce"], "did you mean --trace?"],
  [["h", "--trace", "hex"], 'got "hex", did you mean --trace=hex?'],
  [["h", "--json=yes"], "Option --json takes no value"],
];

for (const [args, message] of REFUSED) {
  Deno.test(`parseCommand() refuses ${JSON.stringify(args)}`, () => {
    const error = assertThrows(() => parseCommand(spec, args), UsageError);
    assertStringIncludes(error.message, message);
    assertEquals(error.message.includes("\n"), false);
  });
}

Deno.test("likelyWord() finds what was meant, and guesses no other word", () => {
  const known = ["scan", "info", "test", "json", "all", "timeout"];
  const CASES: [word: string, likely: string | null][] = [
    ["scna", "scan"],
    ["al", "all"],
    ["tiemout", "timeout"],
    ["foo", null],
    ["get", null],
    ["nc", null],
    ["no-json", null],
    ["", null],
  ];
  for (const [word, likely] of CASES) {
    assertEquals(likelyWord(word, known), likely, word);
  }
});

Deno.test("parseCommand() refuses an argument too many where there is no rest", () => {
  const { rest: _, ...noRest } = spec;
  const error = assertThrows(
    () => parseCommand(noRest, ["h", "80", "get", "more"]),
    UsageError,
  );
  assertEquals(error.message, 'Unexpected argument "more"');
});

const PORT_LISTS: [text: string, expected: number[] | null][] = [
  ["80", [80]],
  ["1-3", [1, 2, 3]],
  ["22,80,8000-8002", [22, 80, 8000, 8001, 8002]],
  ["80,79,80,78-80", [78, 79, 80]],
  ["65535", [65535]],
  ["7-7", [7]],
  ["10-5", null],
  ["0", null],
  ["1-65536", null],
  ["80,", null],
  [",", null],
  ["", null],
  ["1-2-3", null],
  ["-80", null],
  ["80-", null],
  [" 80", null],
];

for (const [list, expected] of PORT_LISTS) {
  Deno.test(`portList() reads ${JSON.stringify(list)}`, () => {
    const { parse } = portList("1-1024");
    if (expected !== null) assertEquals(parse(list), expected);
    else assertThrows(() => parse(list), UsageError);
  });
}

Deno.test("usageOf() and helpOf() show each argument, option, default and unit", () => {
  assertEquals(usageOf(spec), "try <host> [port=7] [action] [names...]");
  const help = helpOf(spec);
  for (
    const part of [
      "Something to try",
      "Usage: tcplab try <host> [port=7]",
      "--timeout <ms>",
      "a time (default 500)",
      "--output <path>",
      "--no-verify",
      "--trace[=<format>]",
      "tcplab try b 80",
      "--allow-net=<host>:<port>",
    ]
  ) assertStringIncludes(help, part);
});
