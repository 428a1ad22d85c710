import { type Script, tableOf } from "../cli/command_spec.ts";
import {
  choice,
  count,
  flag,
  listenPort,
  milliseconds,
  port,
  text,
} from "../cli/parameters.ts";
import {
  CERTIFICATES,
  connectTimeout,
  dumbTerminal,
  json,
  target,
} from "../cli/shared_parameters.ts";
import { roleNames } from "./check/role_names.ts";
import { type Language, languages } from "./check/words.ts";

const lang = choice("", languages);

/** What can be run and is no lesson. */
export const tools = tableOf({
  check: {
    file: "exercises/tools/check.ts",
    load: (): Script => import("./check.ts"),
    title: "Grade a program that somebody else wrote, and name its bug",
    connects: true,
    arguments: { role: choice("whose work the program does", roleNames) },
    rest: { name: "host:port", about: "a server that runs already" },
    program: { about: "what starts the program; {host} {port} are filled in" },
    options: {
      listen: {
        ...listenPort(),
        parse: (text: string): number | undefined => listenPort().parse(text),
        about: "grade the client that comes to this port",
        placeholder: "<port>",
      },
      only: {
        parse: (text: string): string | undefined => text,
        about: "only the stage of this name",
        placeholder: "<stage>",
      },
      seed: text("the same for the same words and sizes (default random)", {
        fallback: "",
        placeholder: "<word>",
      }),
      "start-timeout": milliseconds(
        "how long the program may take to start",
        "30000",
      ),
      format: choice(
        "text, or for other programs: junit, tap, gradescope",
        ["text", "junit", "tap", "gradescope"],
        "text",
      ),
      json,
      points: flag("nothing but the points, 15/17"),
      lang: {
        parse: (text: string): Language | undefined => lang.parse(text),
        about: "en or es (default: the system's)",
        words: languages,
      },
    },
    permissions: ["--allow-net=127.0.0.1,[::1]"],
    optionalPermissions: [
      ["--allow-net=<host>:<port>", "grade a server that runs elsewhere"],
      ["--allow-run=<program>", "start the program"],
      ["--allow-run", "end whatever it has started, too"],
      ["--allow-read", "give the program a folder, or a certificate"],
      ["--allow-write", "give the program a folder, or a certificate"],
      dumbTerminal,
    ],
    examples: [
      "check echoserver -- python3 my_server.py {port}",
      "check echoserver 127.0.0.1:7007 --json",
      "check chat --listen 7007",
    ],
  },
  test: {
    file: "exercises/tools/test_connection.ts",
    load: (): Script => import("./test_connection.ts"),
    title: "Test whether a host answers on a port, for scripts too",
    tryWith: "server",
    arguments: { host: target, port: port("port to try") },
    options: {
      timeout: connectTimeout,
      wait: milliseconds("keep trying for this long, until it answers", "0", 0),
      json,
    },
    examples: ["test localhost 8000", "test ::1 8000 --wait 10000"],
  },
  diagnostics: {
    file: "exercises/tools/diagnostics.ts",
    load: (): Script => import("./diagnostics.ts"),
    title: "Report whether this machine is fit for the laboratory",
    connects: true,
    arguments: {},
    rest: {
      name: "host[:port]",
      about: "must resolve, or answer on the port ([::1]:80)",
    },
    options: {
      timeout: milliseconds("how long one check may wait", "5000"),
      json,
    },
    permissions: [],
    optionalPermissions: [
      ["--allow-net=localhost,127.0.0.1,[::1]", "check loopback and its ports"],
      ["--allow-net=<host>:<port>", "check what it is given"],
      ["--allow-sys=networkInterfaces", "list the local addresses"],
      dumbTerminal,
    ],
    examples: ["diagnostics", "diagnostics example.org localhost:8000"],
  },
  samples: {
    file: "exercises/tools/samples.ts",
    load: (): Script => import("./samples.ts"),
    title: "Write the sample files that exercise 8 serves",
    arguments: {
      dir: text("folder to write them to", {
        fallback: "shared_files",
        path: "folder",
      }),
    },
    options: { force: flag("overwrite existing files") },
    permissions: ["--allow-read=<dir>", "--allow-write=<dir>"],
    examples: ["samples", "samples /tmp/lab --force"],
  },
  certificate: {
    file: "exercises/tools/certificate.ts",
    load: (): Script => import("./certificate.ts"),
    title: "Make what a server shows with --tls, and whom clients trust",
    arguments: {
      dir: text("folder to write to", {
        fallback: CERTIFICATES,
        path: "folder",
      }),
    },
    rest: {
      name: "name",
      about: "of the server, beside those of this machine",
    },
    options: {
      days: count("how long it counts; 0: it has expired", "365", {
        minimum: 0,
        maximum: 36500,
      }),
      force: flag("overwrite existing files"),
    },
    permissions: ["--allow-read=<dir>", "--allow-write=<dir>"],
    examples: ["certificate", "certificate /tmp/lab server.example 192.0.2.7"],
  },
  users: {
    file: "exercises/tools/users.ts",
    load: (): Script => import("./users.ts"),
    title: "Keep the user file of msgserver and fileserver",
    arguments: {
      file: text("the user file", { path: "file" }),
      action: choice("add, remove or list", ["add", "remove", "list"]),
    },
    rest: { name: "name", about: "of the user to add or remove" },
    options: { json },
    // What is to replace the file is written beside it.
    permissions: ["--allow-read", "--allow-write"],
    examples: [
      "users users.txt add ana",
      "users users.txt add ana < password.txt",
      "users users.txt list --json",
    ],
  },
  demo: {
    file: "exercises/tools/demo.ts",
    load: (): Script => import("./demo.ts"),
    title: "Run each exercise against local servers, check each result",
    reads: true,
    connects: true,
    arguments: {
      exercise: text("only this one: its number or its command", {
        fallback: "",
      }),
    },
    options: {
      fast: flag("do not pause for reading"),
      step: flag("wait for Enter after each exercise"),
      json: flag("one JSON object per exercise on stdout, nothing else"),
    },
    permissions: ["--allow-net=127.0.0.1", "--allow-read=shared_files"],
    optionalPermissions: [dumbTerminal],
    examples: ["demo --fast", "demo 8", "demo chat"],
  },
  web: {
    file: "exercises/tools/web.ts",
    load: (): Script => import("./web.ts"),
    title: "Show the laboratory as a page in the browser",
    connects: false, // What it runs does.
    arguments: { port: listenPort("8080") },
    options: {
      "allow-remote": flag("let it reach hosts other than this machine"),
    },
    permissions: ["--allow-net=127.0.0.1:<port>", "--allow-read=."],
    optionalPermissions: [
      ["--allow-net", "run what needs the network"],
      ["--allow-write=.", "write the sample files, and those that are fetched"],
      ["--allow-sys=networkInterfaces", "list the local addresses"],
    ],
    examples: ["web", "web 0 --allow-remote"],
  },
  menu: {
    file: "exercises/tools/menu.ts",
    load: (): Script => import("./menu.ts"),
    title: "Choose an exercise from a list, and answer its questions",
    arguments: {},
    options: {
      extended: flag("add the tools, and servers in the background"),
    },
    permissions: [],
    optionalPermissions: [
      ["--allow-net", "run what needs the network"],
      ["--allow-read=.", "scan on all cores and serve files"],
      ["--allow-write=.", "write the sample files, and those that are fetched"],
      ["--allow-sys=networkInterfaces", "list the local addresses"],
      dumbTerminal,
    ],
    examples: ["menu", "menu --extended"],
  },
  completions: {
    file: "exercises/tools/completions.ts",
    load: (): Script => import("./completions.ts"),
    title: "Print what a shell needs to complete these commands",
    arguments: {
      shell: choice("bash, zsh or fish", ["bash", "zsh", "fish"]),
    },
    options: {},
    permissions: [],
    examples: [
      "completions bash",
      "completions fish > ~/.config/fish/completions/tcplab.fish",
    ],
  },
});
