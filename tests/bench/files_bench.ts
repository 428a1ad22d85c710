/** Exercise 8 in whole processes: our server and client, and other pairs. */
import { type Bench, type Figure, inTurn } from "./bench.ts";
import {
  Client,
  curl,
  type Fetch,
  peakBytes,
  verifiedInC,
} from "./files_clients.ts";
import {
  BIG_BYTES,
  Stage,
  startNginx,
  startOurFileServer,
  startPython,
} from "./files_stage.ts";
import { run, type ServerProcess } from "./processes.ts";

const RUNS = 5;

export const benches: Bench[] = [{ name: "files", run: benchFiles }];

/** Another server and client; those of curl verify nothing. */
interface Pair {
  name: string;
  /** Null: it is not installed. */
  server: ServerProcess | null;
  /** Null: it is not installed, or cannot be compiled. */
  fetch: Fetch | null;
  wanted?: number;
}

async function benchFiles(): Promise<Figure[]> {
  using stage = await Stage.build();
  await using ours = await startOurFileServer(stage.shared);
  await using nginx = await startNginx(stage.shared);
  await using python = await startPython(stage.shared);
  const [sendfile, simple, verified] = [
    { name: "nginx sendfile + curl", server: nginx, fetch: curl },
    { name: "python http.server + curl", server: python, fetch: curl },
    { name: "nginx sendfile + C", server: nginx, fetch: await verifiedInC() },
  ];
  const client = new Client();
  const file = `${stage.out}/big`;
  const figures = [
    await send(stage, "/dev/null", {
      name: "2 GiB to nothing",
      ours: () => client.get(ours.port, "-", "--no-verify"),
      pairs: [{ ...sendfile, wanted: 0.75 }],
    }),
    await send(stage, "/dev/null", {
      name: "2 GiB to nothing, verified",
      ours: () => client.get(ours.port, "-"),
      pairs: [sendfile],
    }),
    await send(stage, file, {
      name: "2 GiB to a file",
      ours: () => client.get(ours.port, file, "--no-verify"),
      pairs: [simple, sendfile],
    }),
    await send(stage, file, {
      name: "2 GiB to a file, verified",
      ours: () => client.get(ours.port, file),
      pairs: [{ ...simple, wanted: 1 }, sendfile, verified],
    }),
    await send(stage, file, {
      name: "2 GiB to a file, verified, hashed by the server meanwhile",
      ours: async () => {
        // One that has sent nothing yet remembers no hash.
        await using fresh = await startOurFileServer(stage.shared);
        return await client.get(fresh.port, file);
      },
      pairs: [simple],
    }),
    await manyClients(stage, ours),
    await list(stage),
  ];
  const memory = [
    memoryFigure("memory of the client", client.peakBytes),
    memoryFigure("memory of the server", peakBytes(ours.pid)),
  ];
  return [...figures, ...memory.filter((figure) => figure !== null)];
}

/** Bytes a second, ours and each pair's in turn, to a folder that is empty. */
export async function send(
  stage: Stage,
  output: string,
  { name, ours, pairs }: {
    name: string;
    ours: () => Promise<number>;
    pairs: Pair[];
  },
): Promise<Figure> {
  const speed = (measure: () => Promise<number>) => async () => {
    await stage.clear();
    return BIG_BYTES / await measure();
  };
  const there = pairs.filter(({ server, fetch }) => server && fetch);
  const [our = 0, ...theirs] = await inTurn(
    RUNS,
    speed(ours),
    ...there.map(({ server, fetch }) =>
      speed(() => fetch!(server!.port, output))
    ),
  );
  const peers = pairs.map(({ server: _, fetch: __, ...pair }) => {
    const at = there.findIndex(({ name }) => name === pair.name);
    return { ...pair, value: theirs[at] ?? null };
  });
  return { name, unit: "bytes/s", better: "higher", ours: our, peers };
}

/**
 * To files, verified. The hundred are as many processes as there are cores: in
 * one, its only thread would be what is measured.
 */
async function manyClients(
  stage: Stage,
  { port }: ServerProcess,
): Promise<Figure> {
  const processes = navigator.hardwareConcurrency;
  const seconds = (file: string, clients: readonly number[]) => async () => {
    await stage.clear();
    const loads = await Promise.all(clients.map(async (count, i) => {
      const script = "tests/bench/files_load.ts";
      const words = [script, `${port}`, file, `${count}`, `${stage.out}/${i}`];
      const result = await run(Deno.execPath(), ["run", "-A", ...words]);
      if (result?.code !== 0) throw new Error("The clients failed");
      const [start = 0, end = 0] = result.stdout.split(" ").map(Number);
      return { start, end };
    }));
    const start = Math.min(...loads.map(({ start }) => start));
    return (Math.max(...loads.map(({ end }) => end)) - start) / 1000;
  };
  const [ours = 0, one = 0] = await inTurn(
    RUNS,
    seconds("ten_megabytes", shares(100, processes)),
    seconds("gigabyte", [1]),
  );
  return {
    name: `100 clients x 10 MB in ${processes} processes, verified`,
    unit: "s",
    better: "lower",
    ours,
    peers: [{ name: "one client, 1 GB", value: one, wanted: 1.5 }],
  };
}

/** `total` in `parts` whole numbers, as equal as they can be. */
function shares(total: number, parts: number): number[] {
  return Array.from(
    { length: parts },
    (_, i) => Math.floor((total + i) / parts),
  );
}

/** From start to exit, and all in all. */
async function list(stage: Stage): Promise<Figure> {
  await using server = await startOurFileServer(stage.many);
  const script = "exercises/08_file_client.ts";
  const words = [script, "127.0.0.1", `${server.port}`, "list"];
  const [ours = 0] = await inTurn(RUNS, async () => {
    const result = await run(Deno.execPath(), ["run", "-A", ...words]);
    const lines = result?.stdout.trimEnd().split("\n").length;
    if (lines !== 10_001) throw new Error(`The list has ${lines} lines`);
    return result!.seconds;
  });
  const name = "list of 10,000 files";
  return { name, unit: "s", better: "lower", ours, peers: [], wanted: 0.5 };
}

function memoryFigure(name: string, bytes: number | null): Figure | null {
  if (bytes === null) return null;
  const ours = bytes / 1e6;
  return { name, unit: "MB", better: "lower", ours, peers: [], wanted: 150 };
}
