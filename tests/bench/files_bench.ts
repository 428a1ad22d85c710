/** Exercise 8 in whole processes: our server and client, and other pairs. */
import { type Bench, type Figure, inTurn } from "./bench.ts";
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

/** Another server, with curl, which verifies nothing. */
interface Pair {
  name: string;
  /** Null: it or curl is not installed. */
  server: ServerProcess | null;
  wanted?: number;
}

async function benchFiles(): Promise<Figure[]> {
  using stage = await Stage.build();
  await using ours = await startOurFileServer(stage.shared);
  await using nginx = await startNginx(stage.shared);
  await using python = await startPython(stage.shared);
  const [sendfile, simple] = [
    { name: "nginx sendfile + curl", server: nginx },
    { name: "python http.server + curl", server: python },
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
      pairs: [{ ...simple, wanted: 1 }, sendfile],
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

/** Our client, and the most memory that one of its processes had. */
class Client {
  peakBytes: number | null = null;

  /** Fetches the big file; the seconds from start to exit. */
  async get(port: number, output: string, ...words: string[]) {
    const startMs = performance.now();
    const script = "exercises/08_file_client.ts";
    const request = ["127.0.0.1", `${port}`, "get", "big", "--output", output];
    const child = new Deno.Command(Deno.execPath(), {
      args: ["run", "--no-prompt", "-A", script, ...request, ...words],
      stdin: "null",
      stdout: "null",
      stderr: "null",
    }).spawn();
    const timer = setInterval(() => this.#watch(child.pid), 20);
    const { code } = await child.status;
    clearInterval(timer);
    if (code !== 0) throw new Error("Our client failed");
    return (performance.now() - startMs) / 1000;
  }

  #watch(pid: number): void {
    this.peakBytes = Math.max(this.peakBytes ?? 0, peakBytes(pid) ?? 0);
  }
}

/** Bytes a second, ours and each pair's in turn, to a folder that is empty. */
async function send(
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
  const there = pairs.filter(({ server }) => server !== null);
  const [our = 0, ...theirs] = await inTurn(
    RUNS,
    speed(ours),
    ...there.map(({ server }) => speed(() => curl(server!.port, output))),
  );
  const peers = pairs.map(({ server: _, ...pair }) => {
    const at = there.findIndex(({ name }) => name === pair.name);
    return { ...pair, value: theirs[at] ?? null };
  });
  return { name, unit: "bytes/s", better: "higher", ours: our, peers };
}

async function curl(port: number, output: string): Promise<number> {
  const url = `http://127.0.0.1:${port}/big`;
  const result = await run("curl", ["-sf", "-o", output, url]);
  if (result?.code !== 0) throw new Error("curl failed");
  return result.seconds;
}

/** Both in one process each, to files, verified. */
async function manyClients(
  stage: Stage,
  { port }: ServerProcess,
): Promise<Figure> {
  const seconds = (file: string, clients: number) => async () => {
    await stage.clear();
    const script = "tests/bench/files_load.ts";
    const words = [script, `${port}`, file, `${clients}`, stage.out];
    const result = await run(Deno.execPath(), ["run", "-A", ...words]);
    if (result?.code !== 0) throw new Error("The clients failed");
    return Number(result.stdout);
  };
  const [ours = 0, one = 0] = await inTurn(
    RUNS,
    seconds("ten_megabytes", 100),
    seconds("gigabyte", 1),
  );
  return {
    name: "100 clients x 10 MB, verified",
    unit: "s",
    better: "lower",
    ours,
    peers: [{ name: "one client, 1 GB", value: one, wanted: 1.5 }],
  };
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

/** The most memory that a process has had so far; null where no one tells. */
function peakBytes(pid: number): number | null {
  try {
    const status = Deno.readTextFileSync(`/proc/${pid}/status`);
    const kibibytes = /^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1];
    return kibibytes === undefined ? null : Number(kibibytes) * 1024;
  } catch {
    return null;
  }
}
