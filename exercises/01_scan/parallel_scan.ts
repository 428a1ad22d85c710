import { type PortResult, REFUSED, type ScanOptions } from "./port_state.ts";
import type { ScanPorts, WorkerAnswer, WorkerSettings } from "./scan_worker.ts";

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

  // When one fails the others are to stop, and are waited for.
  const failed = new AbortController();
  const either = signal
    ? AbortSignal.any([signal, failed.signal])
    : failed.signal;
  const slices = takeSlices(ports, either);
  const results: PortResult[] = [];
  const own = {
    ...options,
    signal: either,
    concurrency: concurrency - workers * share,
  };
  const scanners = [
    async (slice: number[]) => {
      results.push(...await scanPorts(address, slice, own));
    },
    ...started.map((worker) => async (slice: number[]) => {
      const found = await worker.scan(slice, either);
      results.push(...found);
      if (onResult) found.forEach(onResult);
    }),
  ];
  await Promise.allSettled(scanners.map(async (scan) => {
    try {
      for (const slice of slices) await scan(slice);
    } catch (error) {
      failed.abort(error);
    }
  }));
  failed.signal.throwIfAborted();
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

/** A worker that scans, seen from the thread that asks it. */
export class ScanWorker implements Disposable {
  readonly #settings: WorkerSettings;
  readonly #worker = new Worker(new URL("./scan_worker.ts", import.meta.url), {
    type: "module",
  });

  constructor(settings: WorkerSettings) {
    this.#settings = settings;
  }

  /** What was found; when `signal` fires, what was found by then. */
  async scan(ports: number[], signal?: AbortSignal): Promise<PortResult[]> {
    const { promise, resolve, reject } = Promise.withResolvers<WorkerAnswer>();
    this.#worker.onmessage = ({ data }) => resolve(data);
    this.#worker.onerror = (event) => {
      event.preventDefault();
      reject(new Error(`The scan worker failed: ${event.message}`));
    };
    const stop = () => this.#worker.postMessage("stop");
    signal?.addEventListener("abort", stop);
    this.#worker.postMessage({ ...this.#settings, ports });
    try {
      const { refused, others } = await promise;
      const closed = refused.map((port): PortResult => ({ port, ...REFUSED }));
      return [...closed, ...others];
    } finally {
      signal?.removeEventListener("abort", stop);
    }
  }

  [Symbol.dispose](): void {
    this.#worker.terminate();
  }
}
