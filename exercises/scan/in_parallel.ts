import type { PortResult, ScanOptions } from "./port_state.ts";
import type { ScanPorts, WorkerRequest } from "./worker.ts";

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
 * `scanPorts` on all cores: this thread and one worker for each further core take
 * slices of the ports from one queue. Where it is not worth it, or a worker
 * may not read its source (that needs `--allow-read`), it is `scanPorts` alone.
 */
export async function scanInParallel(
  { scanPorts, script }: Scanner,
  address: string,
  ports: readonly number[],
  options: ScanOptions,
): Promise<PortResult[]> {
  const workers = await countWorkers(ports.length);
  if (workers === 0) return await scanPorts(address, ports, options);
  const slices: number[][] = [];
  for (let i = 0; i < ports.length; i += PORTS_PER_REQUEST) {
    slices.push(ports.slice(i, i + PORTS_PER_REQUEST));
  }
  const results: PortResult[] = [];
  const share = Math.ceil((options.concurrency ?? 64) / (workers + 1));
  const { timeoutMs = 500, signal, onResult } = options;
  const request = { script, address, timeoutMs, concurrency: share };
  await Promise.all([
    (async () => {
      for (const slice of takeFrom(slices, signal)) {
        const own = { ...options, concurrency: share };
        results.push(...await scanPorts(address, slice, own));
      }
    })(),
    ...Array.from({ length: workers }, async () => {
      using worker = new ScanWorker();
      for (const slice of takeFrom(slices, signal)) {
        const found = await worker.scan({ ...request, ports: slice }, signal);
        results.push(...found);
        if (onResult) found.forEach(onResult);
      }
    }),
  ]);
  return results;
}

function* takeFrom(slices: number[][], signal: AbortSignal | undefined) {
  while (slices.length > 0 && !signal?.aborted) yield slices.shift()!;
}

async function countWorkers(ports: number): Promise<number> {
  if (ports < PARALLEL_FROM_PORTS) return 0;
  const path = new URL("../..", import.meta.url);
  const read = await Deno.permissions.query({ name: "read", path });
  const mayStart = Deno.build.standalone || read.state === "granted";
  return mayStart ? Math.min(navigator.hardwareConcurrency, 4) - 1 : 0;
}

class ScanWorker implements Disposable {
  readonly #worker = new Worker(new URL("./worker.ts", import.meta.url), {
    type: "module",
  });

  /** What was found; of a slice that `signal` interrupts, nothing. */
  scan(request: WorkerRequest, signal?: AbortSignal): Promise<PortResult[]> {
    const { promise, resolve, reject } = Promise.withResolvers<PortResult[]>();
    const onAbort = () => resolve([]);
    signal?.addEventListener("abort", onAbort);
    this.#worker.onmessage = ({ data }) => resolve(data);
    this.#worker.onerror = (event) => {
      event.preventDefault();
      reject(new Error(`The scan worker failed: ${event.message}`));
    };
    this.#worker.postMessage(request);
    return promise.finally(() => signal?.removeEventListener("abort", onAbort));
  }

  [Symbol.dispose](): void {
    this.#worker.terminate();
  }
}
