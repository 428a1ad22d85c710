import { type Bench, type Figure, inTurn, type PeerFigure } from "./bench.ts";
import {
  compileRust,
  load,
  peerPath,
  run,
  type ServerProcess,
  startOurs,
  startServer,
  startUnread,
} from "./processes.ts";

const RUNS = 5;

export const benches: Bench[] = [
  { name: "scan", run: async () => [await scanAllPorts()] },
  { name: "echo", run: benchEcho },
  { name: "workers", run: benchWorkers },
  { name: "daytime", run: async () => [await benchDaytime()] },
  { name: "proxy", run: async () => [await benchProxy()] },
  { name: "start", run: benchStart },
  { name: "executable", run: benchExecutable },
];

/** 65,535 ports of loopback, whole process against whole process. */
async function scanAllPorts(): Promise<Figure> {
  const deno = Deno.execPath();
  const script = "exercises/01_port_scanner.ts";
  const flags = ["--no-prompt", "--allow-net=127.0.0.1", "--allow-read=."];
  const ours = () =>
    seconds(deno, ["run", ...flags, script, "127.0.0.1", "1-65535"]);
  const nmap = () => seconds("nmap", ["-sT", "-p-", "-n", "-Pn", "127.0.0.1"]);
  const installed = await run("nmap", ["--version"]) !== null;
  const [our = 0, theirs = null] = installed
    ? await inTurn(RUNS, ours, nmap)
    : await inTurn(RUNS, ours);
  return {
    name: "scan, 65,535 loopback ports",
    unit: "s",
    better: "lower",
    ours: our,
    peers: [{ name: "nmap -sT", value: theirs, wanted: 1 }],
  };
}

async function benchEcho(): Promise<Figure[]> {
  const rust = await compileRust("echo_threads.rs");
  await using servers = await startAll({
    ours: startOurs("echoserver", "0", "--quiet", "--idle", "0"),
    "rust, threads": rust === null ? null : startServer(rust, []),
    node: startNode("echo_node.mjs"),
  });
  return [
    await compare("echo, 32 clients x 64 bytes", "round trips/s", servers, {
      measure: await nativeLoad("echo"),
      wanted: { "rust, threads": 0.65, node: 1 },
    }),
    await compare("echo, one stream", "bytes/s", servers, {
      measure: (port) => load("stream", port, 1),
      wanted: { node: 1 },
    }),
  ];
}

/** No bound: on cores that the load shares, nothing is sure to be gained. */
async function benchWorkers(): Promise<Figure[]> {
  const words = ["echoserver", "0", "--quiet", "--idle", "0"];
  await using servers = await startAll({
    ours: startOurs(...words, "--workers", "2"),
    "one loop": startOurs(...words),
  });
  return [
    await compare("echo, 32 clients, 2 workers", "round trips/s", servers, {
      measure: await nativeLoad("echo"),
    }),
    await compare("echo, one stream, 2 workers", "bytes/s", servers, {
      measure: (port) => load("stream", port, 1),
    }),
  ];
}

async function benchDaytime(): Promise<Figure> {
  const measure = await nativeLoad("daytime");
  await using servers = await startAll({
    ours: startOurs("daytimeserver", "0"),
    "ours, --quiet": startOurs("daytimeserver", "0", "--quiet"),
    "ours, whose log nobody reads": startUnread("daytimeserver", "0"),
    "node, which logs nothing": startNode("daytime_node.mjs"),
  });
  return await compare(
    "daytime, 32 clients, logged",
    "connections/s",
    servers,
    {
      measure,
      wanted: { "node, which logs nothing": 1 },
    },
  );
}

/** The native load where rustc is there, else that of load.ts. */
export async function nativeLoad(what: string) {
  const native = await compileRust("load.rs");
  return async (port: number) => {
    if (native === null) return await load(what, port, 32);
    const result = await run(native, [what, ...[port, 32, 2].map(String)]);
    if (result?.code !== 0) throw new Error("The load failed");
    return Number(result.stdout);
  };
}

/** A stream through it to our echo server, and back. */
async function benchProxy(): Promise<Figure> {
  await using echo = await startOurs("echoserver", "0", "--quiet");
  const words = ["proxy", "0", "127.0.0.1", `${echo.port}`, "--quiet"];
  await using servers = await startAll({
    ours: startOurs(...words),
    "ours, one fault that never acts": startOurs(
      ...words,
      ...["--both", "corrupt=2147483647"],
    ),
    socat: startSocat(echo.port),
  });
  return await compare("proxy, one stream there and back", "bytes/s", servers, {
    measure: (port) => load("stream", port, 1),
    wanted: { socat: 0.9 },
  });
}

/** With -dd it says where it listens, on stderr. */
async function startSocat(port: number): Promise<ServerProcess | null> {
  if (await run("socat", ["-V"]) === null) return null;
  const listen = "TCP-LISTEN:0,bind=127.0.0.1,fork";
  const words = `exec socat -dd ${listen} TCP:127.0.0.1:${port} 2>&1`;
  return await startServer("sh", ["-c", words]);
}

/** `--help` must load no exercise, and an exercise no more than it needs. */
async function benchStart(): Promise<Figure[]> {
  const dir = await Deno.makeTempDir();
  const empty = `${dir}/empty.ts`;
  await Deno.writeTextFile(empty, "");
  const start = (script: string) => () =>
    seconds(Deno.execPath(), ["run", script, "--help"]);
  const exercises = [...Deno.readDirSync("exercises")]
    .map(({ name }) => name).filter((name) => /^\d.*\.ts$/.test(name)).sort();
  const [theirs = 0, main = 0, ...each] = await inTurn(
    15,
    start(empty),
    start("main.ts"),
    ...exercises.map((name) => start(`exercises/${name}`)),
  );
  await Deno.remove(dir, { recursive: true });
  const slowest = Math.max(...each);
  const name = exercises[each.indexOf(slowest)];
  const figure = (name: string, ours: number): Figure => ({
    name: `start, ${name} --help`,
    unit: "s",
    better: "lower",
    ours,
    peers: [{ name: "an empty script", value: theirs, wanted: 4 }],
  });
  return [
    figure("main.ts", main),
    figure(`the slowest exercise, ${name}`, slowest),
  ];
}

/** Needs DENO_COMPILER and DENORT_BIN, as the test of the executable does. */
async function benchExecutable(): Promise<Figure[]> {
  const compiler = Deno.env.get("DENO_COMPILER");
  if (compiler === undefined || !Deno.env.has("DENORT_BIN")) {
    console.log("  DENO_COMPILER and DENORT_BIN are not set, skipped");
    return [];
  }
  const dir = await Deno.makeTempDir();
  await Deno.writeTextFile(`${dir}/empty.ts`, "");
  const empty = `${dir}/empty`;
  await run(compiler, ["compile", "--output", empty, `${dir}/empty.ts`]);
  await run(Deno.execPath(), ["run", "-A", ".ci/compile.ts", dir]);
  const [ours = 0, theirs = 0] = await inTurn(
    15,
    () => seconds(`${dir}/tcplab`, ["--help"]),
    () => seconds(empty, []),
  );
  await Deno.remove(dir, { recursive: true });
  return [{
    name: "start, the executable's --help",
    unit: "s",
    better: "lower",
    ours,
    peers: [{ name: "an empty executable", value: theirs, wanted: 3 }],
  }];
}

type Servers = Map<string, ServerProcess | null> & AsyncDisposable;

async function startAll(
  starting: Record<string, Promise<ServerProcess | null> | null>,
): Promise<Servers> {
  const servers = new Map<string, ServerProcess | null>();
  for (const [name, server] of Object.entries(starting)) {
    servers.set(name, await server);
  }
  return Object.assign(servers, {
    async [Symbol.asyncDispose]() {
      for (const server of servers.values()) {
        await server?.[Symbol.asyncDispose]();
      }
    },
  });
}

async function startNode(name: string): Promise<ServerProcess | null> {
  if (await run("node", ["--version"]) === null) return null;
  return await startServer("node", [peerPath(name)]);
}

async function compare(
  name: string,
  unit: string,
  servers: Servers,
  { measure, wanted = {} }: {
    measure: (port: number) => Promise<number>;
    wanted?: Record<string, number>;
  },
): Promise<Figure> {
  const there = [...servers].filter(([, server]) => server !== null);
  const values = await inTurn(
    RUNS,
    ...there.map(([, server]) => () => measure(server!.port)),
  );
  const figures = new Map(there.map(([name], i) => [name, values[i]!]));
  const peers = [...servers.keys()].filter((name) => name !== "ours")
    .map((name): PeerFigure => ({
      name,
      value: figures.get(name) ?? null,
      ...(name in wanted ? { wanted: wanted[name]! } : {}),
    }));
  return { name, unit, better: "higher", ours: figures.get("ours")!, peers };
}

async function seconds(command: string, args: string[]): Promise<number> {
  const result = await run(command, args);
  if (result?.code !== 0) throw new Error(`${command} failed`);
  return result.seconds;
}
