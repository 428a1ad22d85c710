import { type Bench, type Figure, inTurn, median } from "./bench.ts";
import { HAS_NATS, NatsBroker } from "../support/nats_broker.ts";
import { peerPath, run, startOurs, startServer } from "./processes.ts";

const RUNS = 5;
const MSGSERVER = ["msgserver", "0", "--quiet", "--flood", "0"];

export const benches: Bench[] = [
  { name: "messages", run: benchMessages },
  { name: "nats", run: benchNats },
];

async function benchMessages(): Promise<Figure[]> {
  return [
    await benchFlood(),
    await benchRoom(),
    await benchSlowReader(),
    ...await benchEveryone(),
    await benchStop(),
  ];
}

/** Every line must reach the 99 others, in each sender's order. */
async function benchFlood(): Promise<Figure> {
  await using ours = await startOurs(...MSGSERVER);
  const figure = {
    name: "messages, 100 clients of which 10 send 2,000 lines",
    unit: "deliveries/s",
    better: "higher",
  } as const;
  const flood = async (port: number) =>
    (await load("flood", port, 100)).perSecond!;
  const name = "python, threads and a lock";
  if (await run("python3", ["--version"]) === null) {
    const [value = 0] = await inTurn(RUNS, () => flood(ours.port));
    return { ...figure, ours: value, peers: [{ name, value: null }] };
  }
  await using python = await startServer("python3", [
    peerPath("chat_threads.py"),
  ]);
  const [value = 0, theirs = 0] = await inTurn(
    RUNS,
    () => flood(ours.port),
    () => flood(python.port),
  );
  const peers = [{ name, value: theirs, wanted: 20 }];
  return { ...figure, ours: value, peers };
}

async function benchRoom(): Promise<Figure> {
  await using ours = await startOurs(...MSGSERVER);
  const [p99 = 0] = await inTurn(
    RUNS,
    async () => (await load("room", ours.port, 100)).p99!,
  );
  return {
    name: "messages, one line in a room of 100, p99",
    unit: "ms",
    better: "lower",
    ours: p99,
    peers: [],
    wanted: 10,
  };
}

/** 10 clients say 50 MB, with and without one who never reads. */
async function benchSlowReader(): Promise<Figure> {
  await using ours = await startOurs(...MSGSERVER);
  const [slow = 0, without = 0] = await inTurn(
    RUNS,
    async () => {
      const { p99, leavings, fewestLeavings } = await load(
        "slow",
        ours.port,
        10,
      );
      if (leavings !== 1 || fewestLeavings !== 1) {
        throw new Error("The one who never reads was not told of once to all");
      }
      return p99!;
    },
    async () => (await load("busy", ours.port, 10)).p99!,
  );
  return {
    name: "messages, 50 MB beside one who never reads, p99 of the others",
    unit: "ms",
    better: "lower",
    ours: slow,
    peers: [{ name: "without that one", value: without, wanted: 2 }],
  };
}

/** Ten thousand clients; every figure is its own server's. */
async function benchEveryone(): Promise<Figure[]> {
  const runs: Record<string, number>[] = [];
  for (let i = 0; i < 3; i++) {
    await using ours = await startOurs(...MSGSERVER);
    runs.push(await load("everyone", ours.port, 10_000, ours.pid));
  }
  const middle = (name: string) => median(runs.map((run) => run[name]!));
  const figure = { better: "lower" as const, peers: [] };
  const name = "messages, 10,000 clients";
  return [
    {
      ...figure,
      name: `${name}: one line to all others`,
      unit: "ms",
      ours: middle("lineMs"),
      wanted: 1000,
    },
    {
      ...figure,
      name: `${name}: idle, over the empty server`,
      unit: "MB",
      ours: middle("idleMb"),
      wanted: 150,
    },
    {
      ...figure,
      name: `${name}: come at once, and each is told of each after it`,
      unit: "ms",
      ours: middle("joinMs"),
    },
  ];
}

/** From SIGTERM until the last of 1,000 clients has FIN. */
async function benchStop(): Promise<Figure> {
  const [ms = 0] = await inTurn(3, async () => {
    await using ours = await startOurs(...MSGSERVER);
    return (await load("stop", ours.port, 1000, ours.pid)).ms!;
  });
  return {
    name: "messages, 1,000 clients: all told that the server stops",
    unit: "ms",
    better: "lower",
    ours: ms,
    peers: [],
    wanted: 2000,
  };
}

/** One line to all: in one room on two servers, and on one. */
async function benchNats(): Promise<Figure[]> {
  const figure = {
    name: "messages, one line to 2,000 on two servers over NATS, p99",
    unit: "ms",
    better: "lower",
  } as const;
  if (!HAS_NATS) return [];
  await using broker = await NatsBroker.start();
  const shared = [...MSGSERVER, "--nats", broker.address];
  await using first = await startOurs(...shared);
  await using second = await startOurs(...shared);
  await using alone = await startOurs(...MSGSERVER);
  const ports = `${first.port},${second.port}`;
  const [ours = 0, one = 0] = await inTurn(
    3,
    async () => (await load("line", ports, 2000)).p99!,
    async () => (await load("line", alone.port, 2000)).p99!,
  );
  const peers = [{ name: "one server", value: one, wanted: 3 }];
  return [{ ...figure, ours, peers }];
}

export async function load(
  what: string,
  port: number | string,
  clients: number,
  pid = 0,
): Promise<Record<string, number>> {
  const script = new URL("./messages_load.ts", import.meta.url).pathname;
  const args = [what, port, clients, pid].map(String);
  const flags = ["run", "--no-prompt", "-A"];
  const result = await run(Deno.execPath(), [...flags, script, ...args]);
  if (result?.code !== 0) throw new Error(`The load "${what}" failed`);
  return JSON.parse(result.stdout);
}
