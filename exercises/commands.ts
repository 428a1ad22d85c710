import type { CommandSpec } from "./cli/command_spec.ts";
import {
  choice,
  count,
  flag,
  host,
  listenPort,
  milliseconds,
  nickname,
  port,
  portList,
  text,
} from "./cli/parameters.ts";

const json = flag("one JSON object per line on stdout");
const target = host("name, IPv4 or IPv6 address");
const connectTimeout = milliseconds("how long to wait for the peer", "5000");

/** Every server binds loopback unless told otherwise. */
const serverOptions = {
  host: {
    ...host("address to listen on", "127.0.0.1"),
    placeholder: "<address>",
  },
  idle: milliseconds("drop who is silent for so long, 0 never", "60000", 0),
  total: milliseconds("drop who stays for so long, 0 never", "0", 0),
  "max-connections": count("at once; more wait their turn", "1000"),
  json: flag("log as one JSON object per line on stderr"),
  quiet: flag("no log"),
};

const listenPermission = ["--allow-net=<host>:<port>"] as const;
const connectPermission = ["--allow-net=<host>:<port>"] as const;

/**
 * What each command takes, is called and needs: data only, so that `--help`
 * loads no exercise. `catalogue.ts` adds to each what runs it.
 */
export const commands = {
  scan: {
    name: "scan",
    title: "Exercise 1: find the open TCP ports of a host",
    exercise: 1,
    arguments: { host: target, ports: portList("1-1024") },
    options: {
      timeout: milliseconds("how long one port may take to answer", "500"),
      concurrency: count("ports tried at once", "64", { maximum: 1000 }),
      all: flag("list closed and filtered ports too"),
      json,
    },
    permissions: ["--allow-net=<host>"],
    optionalPermissions: [
      ["--allow-net=<address>", "scan a host by its name: it needs both"],
      ["--allow-read=.", "scan 8192 ports and more on all cores"],
    ],
    examples: ["scan localhost", "scan ::1 22,80,8000-8010 --all"],
  },
  info: {
    name: "info",
    title: "Exercise 2: what a connection knows about its two ends",
    exercise: 2,
    tryWith: "server",
    arguments: { host: target, port: port("port to connect to") },
    options: { timeout: connectTimeout, json },
    permissions: connectPermission,
    optionalPermissions: [
      ["--allow-net=<host>", "list the addresses of a name"],
    ],
    examples: ["info localhost 8000", "info ::1 8000 --json"],
  },
  daytime: {
    name: "daytime",
    title: "Exercise 3: read the time from a Daytime server (RFC 867)",
    exercise: 3,
    tryWith: "daytimeserver",
    arguments: { host: target, port: port("port of the server", "13") },
    options: {
      timeout: milliseconds("for all of it: connect, read, end", "5000"),
      json,
    },
    permissions: connectPermission,
    examples: ["daytime localhost 1313", "daytime localhost 1313 --json"],
  },
  daytimeserver: {
    name: "daytimeserver",
    title: "A local Daytime server (RFC 867) for exercise 3",
    listens: true,
    arguments: { port: listenPort("1313") },
    options: serverOptions,
    permissions: listenPermission,
    examples: ["daytimeserver", "daytimeserver 0 --host ::1"],
  },
  echo: {
    name: "echo",
    title: "Exercise 4: send lines and check what comes back (RFC 862)",
    exercise: 4,
    tryWith: "echoserver",
    arguments: { host: target, port: port("port of the server", "7") },
    options: {
      timeout: connectTimeout,
      raw: flag("relay stdin and stdout as bytes, both ways at once"),
      "no-compare": flag("with --raw: take whatever comes back"),
    },
    permissions: connectPermission,
    examples: ["echo localhost 7007", "echo localhost 7007 --raw < photo.jpg"],
  },
  echoserver: {
    name: "echoserver",
    title: "A local Echo server (RFC 862) for exercise 4",
    listens: true,
    arguments: { port: listenPort("7007") },
    options: serverOptions,
    permissions: listenPermission,
    examples: ["echoserver", "echoserver 0 --idle 0 --quiet"],
  },
  server: {
    name: "server",
    title: "Exercise 5: a server that welcomes, tells the time and closes",
    exercise: 5,
    listens: true,
    arguments: { port: listenPort("8000") },
    options: {
      ...serverOptions,
      idle: milliseconds("drop who does not end for so long", "5000"),
      total: milliseconds("drop who stays for so long", "10000"),
    },
    permissions: listenPermission,
    examples: ["server", "server 0 --host ::1"],
  },
  client: {
    name: "client",
    title: "Exercise 6: the client of exercise 5",
    exercise: 6,
    tryWith: "server",
    arguments: { host: target, port: port("port of the server", "8000") },
    options: { timeout: connectTimeout },
    permissions: connectPermission,
    examples: ["client localhost", "client ::1 8000"],
  },
  msgserver: {
    name: "msgserver",
    title: "Exercise 7: a server whose clients talk to each other",
    exercise: 7,
    listens: true,
    arguments: { port: listenPort("9000") },
    options: {
      host: serverOptions.host,
      "max-clients": count("at once; one more is told so", "10000"),
      queue: count("lets go who leaves more than this unread", "1048576", {
        minimum: 4096,
        maximum: 2 ** 30,
        placeholder: "<bytes>",
      }),
      flood: count("lines a second from one client, 0 any number", "0", {
        minimum: 0,
        placeholder: "<lines>",
      }),
      idle: milliseconds(
        "lets go who says nothing for so long, 0 never",
        "0",
        0,
      ),
      json: serverOptions.json,
      quiet: serverOptions.quiet,
    },
    permissions: listenPermission,
    examples: ["msgserver", "msgserver 0 --flood 20 --json"],
  },
  chat: {
    name: "chat",
    title: "Exercise 7: talk to the other clients of a message server",
    exercise: 7,
    tryWith: "msgserver",
    arguments: { host: target, port: port("port of the server", "9000") },
    options: {
      name: nickname("nickname to ask for (default guest-<number>)"),
      timeout: connectTimeout,
    },
    permissions: connectPermission,
    examples: ["chat localhost --name ana", "chat ::1 9000 < lines.txt"],
  },
  fileserver: {
    name: "fileserver",
    title: "Exercise 8: a server that offers the files of one folder",
    exercise: 8,
    listens: true,
    arguments: { port: listenPort("9100") },
    options: {
      dir: text("whose files to offer", {
        fallback: "shared_files",
        placeholder: "<folder>",
        path: "folder",
      }),
      ...serverOptions,
    },
    permissions: ["--allow-net=<host>:<port>", "--allow-read=<dir>"],
    examples: ["fileserver", "fileserver 0 --dir /srv/lab --quiet"],
  },
  files: {
    name: "files",
    title: "Exercise 8: list and fetch the files of a server",
    exercise: 8,
    tryWith: "fileserver",
    arguments: {
      host: target,
      port: port("port of the server", "9100"),
      action: choice(
        "list, get or interactive",
        ["list", "get", "interactive"],
        "interactive",
      ),
    },
    rest: { name: "name", about: "for get: the files to fetch" },
    options: {
      output: text("folder or file to write to, - is stdout (default here)", {
        fallback: "",
        placeholder: "<path>",
        path: "file",
      }),
      resume: flag("go on where an earlier get stopped"),
      force: flag("replace files that are there, also unfinished ones"),
      "no-verify": flag("check the size only, and not the SHA-256"),
      chunk: count("read at once, at most", "1048576", {
        maximum: 64 * 1024 * 1024,
        placeholder: "<bytes>",
      }),
      timeout: milliseconds("how long to wait for the peer", "10000"),
      json,
    },
    permissions: connectPermission,
    optionalPermissions: [
      ["--allow-read=<output>,<output>.part", "keep what it gets"],
      ["--allow-write=<output>,<output>.part", "keep what it gets"],
    ],
    examples: [
      "files localhost 9100 list",
      'files localhost 9100 get hello.txt "my notes.txt" --output /tmp',
      "files localhost 9100 get disk.img --resume",
    ],
  },
  test: {
    name: "test",
    title: "Test whether a host answers on a port: one sentence, one exit code",
    tryWith: "server",
    arguments: { host: target, port: port("port to try") },
    options: { timeout: connectTimeout },
    permissions: connectPermission,
    examples: ["test localhost 8000", "test ::1 8000 --timeout 500"],
  },
  diagnostics: {
    name: "diagnostics",
    title: "Report whether this machine is fit for the laboratory",
    arguments: {},
    rest: {
      name: "host[:port]",
      about: "must have an address, or answer on the port ([::1]:80)",
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
    ],
    examples: ["diagnostics", "diagnostics example.org localhost:8000"],
  },
  samples: {
    name: "samples",
    title: "Write the sample files that exercise 8 serves",
    arguments: {
      dir: text("folder to write them to", {
        fallback: "shared_files",
        path: "folder",
      }),
    },
    options: { force: flag("overwrite files that are there") },
    permissions: ["--allow-write=<dir>"],
    examples: ["samples", "samples /tmp/lab --force"],
  },
  demo: {
    name: "demo",
    title: "Run every exercise against local servers and check each result",
    arguments: {},
    options: {
      fast: flag("no pauses for reading"),
      json: flag("one JSON object per exercise on stdout, nothing else"),
    },
    permissions: ["--allow-net=127.0.0.1", "--allow-read=shared_files"],
    examples: ["demo", "demo --fast"],
  },
  menu: {
    name: "menu",
    title: "Choose an exercise from a list, and answer its questions",
    arguments: {},
    options: {
      extended: flag("with the tools, and servers in the background"),
    },
    permissions: [],
    optionalPermissions: [
      ["--allow-net", "run what needs the network"],
      ["--allow-read=.", "scan on all cores and serve files"],
      ["--allow-write=.", "write the sample files, and those that are fetched"],
      ["--allow-sys=networkInterfaces", "list the local addresses"],
    ],
    examples: ["menu", "menu --extended"],
  },
  completions: {
    name: "completions",
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
} as const satisfies Record<string, CommandSpec>;
