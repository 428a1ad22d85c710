import { faultList, presets } from "./09_proxy/fault_list.ts";
import { type Runnable, type Script, tableOf } from "./cli/command_spec.ts";
import {
  choice,
  count,
  endpoint,
  flag,
  listenPort,
  milliseconds,
  nickname,
  optionalText,
  port,
  portList,
  text,
} from "./cli/parameters.ts";
import {
  clientTlsOptions,
  clientTlsPermissions,
  connectTimeout,
  dumbTerminal,
  json,
  loginOptions,
  serverOptions,
  target,
  users,
} from "./cli/shared_parameters.ts";
import { tools } from "./tools/tools.ts";

const { host: listen, ...withoutHost } = serverOptions;

/** The lessons, each with its local server. */
const lessons = tableOf({
  scan: {
    file: "exercises/01_port_scanner.ts",
    load: (): Script => import("./01_port_scanner.ts"),
    title: "find the open TCP ports of a host",
    plain: true,
    arguments: { host: target, ports: portList("1-1024") },
    options: {
      timeout: milliseconds(
        "wait for each answer; silent ports are tried twice",
        "500",
      ),
      concurrency: count("ports tried at once", "64", { maximum: 1000 }),
      all: flag("list closed and filtered ports too"),
      json,
    },
    permissions: ["--allow-net=<host>"],
    optionalPermissions: [
      ["--allow-net=<address>", "scan a host by its name: it needs both"],
      ["--allow-read=.", "scan 8192 ports and more on all cores"],
      dumbTerminal,
    ],
    examples: ["scan localhost", "scan ::1 22,80,8000-8010 --all"],
  },
  info: {
    file: "exercises/02_connection_info.ts",
    load: (): Script => import("./02_connection_info.ts"),
    title: "what a connection knows about its two ends",
    tryWith: "server",
    arguments: { host: target, port: port("port to connect to") },
    options: { timeout: connectTimeout, json },
    optionalPermissions: [
      ["--allow-net=<host>", "list the addresses of a name"],
    ],
    examples: ["info localhost 8000", "info [::1]:8000 --json"],
  },
  daytime: {
    file: "exercises/03_daytime_client.ts",
    load: (): Script => import("./03_daytime_client.ts"),
    title: "read the time from a Daytime server (RFC 867)",
    tryWith: "daytimeserver",
    arguments: { host: target, port: port("port of the server", "13") },
    options: {
      timeout: milliseconds("limit for everything: connect, read, end", "5000"),
      json,
    },
    examples: ["daytime localhost 1313", "daytime localhost 1313 --json"],
  },
  daytimeserver: {
    file: "exercises/03_daytime_server.ts",
    load: (): Script => import("./03_daytime_server.ts"),
    title: "A local Daytime server (RFC 867) for exercise 3",
    local: true,
    listens: true,
    arguments: { port: listenPort("1313") },
    options: serverOptions,
    optionalPermissions: [dumbTerminal],
    examples: ["daytimeserver", "daytimeserver 0 --host ::1"],
  },
  echo: {
    file: "exercises/04_echo_client.ts",
    load: (): Script => import("./04_echo_client.ts"),
    title: "send lines and check what comes back (RFC 862)",
    reads: true,
    tryWith: "echoserver",
    arguments: { host: target, port: port("port of the server", "7") },
    options: {
      timeout: connectTimeout,
      raw: flag("relay stdin and stdout as bytes, both ways at once"),
      "no-compare": flag("with --raw: accept whatever comes back"),
    },
    examples: ["echo localhost 7007", "echo localhost 7007 --raw < photo.jpg"],
  },
  echoserver: {
    file: "exercises/04_echo_server.ts",
    load: (): Script => import("./04_echo_server.ts"),
    title: "A local Echo server (RFC 862) for exercise 4",
    local: true,
    listens: true,
    arguments: { port: listenPort("7007") },
    options: {
      ...serverOptions,
      workers: count("accept loops, each in a thread of its own", "1", {
        maximum: 64,
      }),
    },
    optionalPermissions: [
      ["--allow-read=.", "start workers: --workers"],
      dumbTerminal,
    ],
    examples: ["echoserver", "echoserver 0 --idle 0 --quiet"],
  },
  server: {
    file: "exercises/05_basic_server.ts",
    load: (): Script => import("./05_basic_server.ts"),
    title: "a server that welcomes, tells the time and closes",
    listens: true,
    arguments: { port: listenPort("8000") },
    options: {
      ...serverOptions,
      idle: milliseconds(
        "drop clients that do not end within this time",
        "5000",
      ),
      total: milliseconds("drop clients that stay longer than this", "10000"),
    },
    optionalPermissions: [dumbTerminal],
    examples: ["server", "server 0 --host ::1"],
  },
  client: {
    file: "exercises/06_basic_client.ts",
    load: (): Script => import("./06_basic_client.ts"),
    title: "the client of exercise 5",
    tryWith: "server",
    arguments: { host: target, port: port("port of the server", "8000") },
    options: { timeout: connectTimeout },
    examples: ["client localhost", "client ::1 8000"],
  },
  msgserver: {
    file: "exercises/07_message_server.ts",
    load: (): Script => import("./07_message_server.ts"),
    title: "a server whose clients talk to each other",
    listens: true,
    arguments: { port: listenPort("9000") },
    options: {
      host: serverOptions.host,
      "max-clients": count(
        "clients at once; any more are turned away",
        "10000",
      ),
      queue: count("drop clients that leave more than this unread", "1048576", {
        minimum: 4096,
        maximum: 2 ** 30,
        placeholder: "<bytes>",
      }),
      flood: count("lines per second from one client; 0: no limit", "500", {
        minimum: 0,
        placeholder: "<lines>",
      }),
      idle: milliseconds(
        "drop clients that say nothing for this long; 0: never",
        "0",
        0,
      ),
      users,
      nats: endpoint("share the room with other servers through this NATS"),
      room: nickname("which of its rooms to share (default lobby)", "<room>"),
      log: serverOptions.log,
      json: serverOptions.json,
      quiet: serverOptions.quiet,
    },
    optionalPermissions: [
      ["--allow-read=<users>", "let in only its users"],
      ["--allow-net=<nats>", "share the room with other servers"],
      dumbTerminal,
    ],
    examples: [
      "msgserver",
      "msgserver 0 --flood 20 --json",
      "msgserver --users users.txt",
      "msgserver 9001 --nats 127.0.0.1:4222 --room friends",
    ],
  },
  chat: {
    file: "exercises/07_message_client.ts",
    load: (): Script => import("./07_message_client.ts"),
    title: "talk to the other clients of a message server",
    reads: true,
    tryWith: "msgserver",
    arguments: { host: target, port: port("port of the server", "9000") },
    options: {
      name: nickname("nickname to ask for (default guest-<number>)"),
      sealed: flag("encrypt what is said: the server cannot read it"),
      "passphrase-file": optionalText("take its pass phrase, and do not ask", {
        placeholder: "<file>",
        path: "file",
      }),
      room: optionalText("who else has its pass phrase (default lobby)", {
        placeholder: "<room>",
      }),
      ...loginOptions,
      timeout: connectTimeout,
    },
    optionalPermissions: [
      ["--allow-read=<passphrase-file>", "take a pass phrase from a file"],
      ["--allow-read=<password-file>", "take a password from a file"],
      dumbTerminal,
    ],
    examples: [
      "chat localhost --name ana",
      "chat ::1 9000 < lines.txt",
      "chat localhost --sealed --room friends",
      "chat localhost --login ana",
    ],
  },
  fileserver: {
    file: "exercises/08_file_server.ts",
    load: (): Script => import("./08_file_server.ts"),
    title: "a server that offers the files of one folder",
    listens: true,
    arguments: { port: listenPort("9100") },
    options: {
      dir: text("folder whose files are offered", {
        fallback: "shared_files",
        placeholder: "<folder>",
        path: "folder",
      }),
      users,
      ...serverOptions,
    },
    permissions: ["--allow-net=<host>:<port>", "--allow-read=<dir>"],
    optionalPermissions: [
      ["--allow-read=<users>", "let in only its users"],
      dumbTerminal,
    ],
    examples: [
      "fileserver",
      "fileserver 0 --dir /srv/lab --quiet",
      "fileserver --users users.txt",
    ],
  },
  files: {
    file: "exercises/08_file_client.ts",
    load: (): Script => import("./08_file_client.ts"),
    title: "list and fetch the files of a server",
    reads: true,
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
      output: text("folder or file to write to; -: stdout (default: here)", {
        fallback: "",
        placeholder: "<path>",
        path: "file",
      }),
      resume: flag("continue where an earlier get stopped"),
      force: flag("replace existing files, unfinished ones too"),
      compress: flag("have it compressed (zstd), where the server can"),
      "no-verify": flag("check only the size, not the SHA-256 hash"),
      chunk: count("bytes to read at a time, at most", "1048576", {
        maximum: 64 * 1024 * 1024,
        placeholder: "<bytes>",
      }),
      ...loginOptions,
      timeout: milliseconds("how long to wait for the peer", "10000"),
      json,
    },
    optionalPermissions: [
      ["--allow-read=<output>,<output>.part", "keep what it gets"],
      ["--allow-write=<output>,<output>.part", "keep what it gets"],
      ["--allow-read=<password-file>", "take a password from a file"],
      dumbTerminal,
    ],
    examples: [
      "files localhost 9100 list",
      'files localhost 9100 get hello.txt "my notes.txt" --output /tmp',
      "files localhost 9100 get disk.img --resume",
      "files localhost 9100 get access.log --compress",
      "files localhost 9100 list --login ana",
    ],
  },
  proxy: {
    file: "exercises/09_proxy.ts",
    load: (): Script => import("./09_proxy.ts"),
    title: "relay connections, and disturb them",
    plain: true,
    listens: true,
    tryWith: "echoserver",
    arguments: {
      port: listenPort(),
      host: target,
      "host-port": port("port of the server"),
    },
    options: {
      up: faultList("disturb what goes to the server: slice=1,gap=20"),
      down: faultList("disturb what comes back"),
      both: faultList("disturb both ways"),
      preset: choice("faults that go together, before these", presets, "none"),
      seed: count("chance is the same for the same one", "1"),
      timeout: connectTimeout,
      listen, // Its <host> is where it connects to.
      ...withoutHost,
    },
    permissions: ["--allow-net=<listen>:<port>,<host>:<host-port>"],
    examples: [
      "proxy 7008 localhost 7007 --down slice=1,gap=200",
      "proxy 7008 localhost 7007 --up corrupt=4 --down delay=300,jitter=100",
    ],
  },
  tls: {
    file: "exercises/10_tls_client.ts",
    load: (): Script => import("./10_tls_client.ts"),
    title: "a line over TLS, and who it was that answered",
    plain: true, // It has its own.
    connects: false,
    arguments: { host: target, port: port("port of the server", "7443") },
    options: {
      ca: clientTlsOptions.ca,
      text: text("the line to send", { fallback: "hello" }),
      timeout: milliseconds(
        "limit for everything: connect, prove, end",
        "5000",
      ),
    },
    optionalPermissions: clientTlsPermissions,
    examples: [
      "tls localhost --ca certificates/ca.pem",
      "tls ::1 7443 --ca certificates/ca.pem --text hi",
    ],
  },
});

/** Everything that can be run, by its name: what it takes, and what loads it. */
export const commands = { ...lessons, ...tools };

/** The same in the order of `--help`. */
export const catalogue: readonly Runnable[] = Object.values(commands);
