import type { PortResult, ScanOptions } from "./port_state.ts";
import { ScanWorker } from "./scan_worker.ts";
import type { ScanPorts } from "./worker.ts";

/** Below this a worker costs more time to start than it saves. */
const PARALLEL_FROM_PORTS = 8192;
const PORTS_PER_REQUEST = 2048;

/** The lesson's function, and the script that exports it for the workers. */
export interface Scanner {
  scanPorts: ScanPorts;
  /** URL of the script: a function cannot be posted to a worker. */
  script: string;
}

/**
 * `scanPorts` on all cores: this thread and a worker for each further core
 * take slices of the ports from one queue. Where that is not worth it, or a
 * worker may not read its source (`--allow-read`), it is `scanPorts` alone.
 */
export async function scanInParallel(
  { scanPorts, script }: Scanner,
  address: string,
  ports: readonly number[],
  options: ScanOptions,
): Promise<PortResult[]> {
  const { timeoutMs = 500, concurrency = 64, signal, onResult } = options;
  const workers = Math.min(await countWorkers(ports.length), concurrency - 1);
  if (workers < 1) return await scanPorts(address, ports, options);

  const share = Math.floor(concurrency / (workers + 1));
  const request = { script, address, timeoutMs, concurrency: share };
  // All workers are up before the first port is tried: one that found no free
  // descriptor while it starts would take the whole process down.
  using pool = new DisposableStack();
  const started = Array.from(
    { length: workers },
    () => pool.use(new ScanWorker(request)),
  );
  await Promise.all(started.map((worker) => worker.scan([], signal)));

  const slices = takeSlices(ports, signal);
  const results: PortResult[] = [];
  const own = { ...options, concurrency: concurrency - workers * share };
  await Promise.all([
    (async () => {
      for (const slice of slices) {
        results.push(...await scanPorts(address, slice, own));
      }
    })(),
    ...started.map(async (worker) => {
      for (const slice of slices) {
        const found = await worker.scan(slice, signal);
        results.push(...found);
        if (onResult) found.forEach(onResult);
      }
    }),
  ]);
  return results;
}

/** One queue for all. Each loop over it takes what is next. */
function takeSlices(
  ports: readonly number[],
  signal: AbortSignal | undefined,
): Iterable<number[]> {
  let next = 0;
  return {
    *[Symbol.iterator]() {
      while (next < ports.length && !signal?.aborted) {
        yield ports.slice(next, next += PORTS_PER_REQUEST);
      }
    },
  };
}

async function countWorkers(ports: number): Promise<number> {
  if (ports < PARALLEL_FROM_PORTS) return 0;
  const path = new URL("../..", import.meta.url);
  const read = await Deno.permissions.query({ name: "read", path });
  const mayStart = Deno.build.standalone || read.state === "granted";
  return mayStart ? Math.min(navigator.hardwareConcurrency, 4) - 1 : 0;
}
