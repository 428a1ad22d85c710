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
  const { timeoutMs = 500, concurrency = 64, signal } = options;
  const workers = Math.min(await countWorkers(ports, options), concurrency - 1);
  if (workers < 1) return await scanPorts(address, ports, options);

  const share = Math.floor(concurrency / (workers + 1));
  const request = { script, address, timeoutMs, concurrency: share };
  const results: PortResult[] = [];
  const onResult = (result: PortResult) => {
    results.push(result);
    options.onResult?.(result);
  };
  using pool = new DisposableStack();
  const started = Array.from(
    { length: workers },
    () => pool.use(new ScanWorker(request, onResult)),
  );
  // When this thread fails the others are to stop, and are waited for.
  const failed = new AbortController();
  const either = signal
    ? AbortSignal.any([signal, failed.signal])
    : failed.signal;
  let next = 0;
  const take = () =>
    either.aborted ? [] : ports.slice(next, next += PORTS_PER_REQUEST);
  const own = { ...options, onResult, signal: either };
  own.concurrency = concurrency - workers * share;
  const left: number[] = [];
  await Promise.all([
    (async () => {
      for (let slice = take(); slice.length > 0; slice = take()) {
        await scanPorts(address, slice, own);
      }
    })().catch((error) => failed.abort(error)),
    ...started.map(async (worker) => {
      for (let slice = take(); slice.length > 0; slice = take()) {
        const rest = await worker.scan(slice, either);
        left.push(...rest);
        if (rest.length > 0) return;
      }
    }),
  ]);
  failed.signal.throwIfAborted();
  // What a worker that failed or died has left undone.
  if (left.length > 0) await scanPorts(address, left, own);
  return results;
}

async function countWorkers(
  ports: readonly number[],
  { connect = Deno.connect }: ScanOptions,
): Promise<number> {
  // A function cannot be posted: who watches the sockets watches this thread.
  if (ports.length < PARALLEL_FROM_PORTS || connect !== Deno.connect) return 0;
  const path = new URL("../..", import.meta.url);
  const read = await Deno.permissions.query({ name: "read", path });
  const mayStart = Deno.build.standalone || read.state === "granted";
  return mayStart ? Math.min(navigator.hardwareConcurrency, 4) - 1 : 0;
}

/** A worker that scans, seen from the thread that asks it. */
class ScanWorker implements Disposable {
  readonly #settings: WorkerSettings;
  readonly #onResult: (result: PortResult) => void;
  readonly #worker = new Worker(new URL("./scan_worker.ts", import.meta.url), {
    type: "module",
  });
  #left = new Set<number>();
  #dead = false;
  #onEnd = () => {};

  constructor(
    settings: WorkerSettings,
    onResult: (result: PortResult) => void,
  ) {
    this.#settings = settings;
    this.#onResult = onResult;
    this.#worker.onmessage = ({ data }) => this.#onAnswer(data);
    this.#worker.onerror = (event) => {
      event.preventDefault();
      this.#dead = true;
      this.#onEnd();
    };
  }

  /**
   * Tells `onResult` what it finds, until all are done, the signal fires, or
   * the worker fails. Gives the ports that have no result.
   */
  async scan(ports: number[], signal?: AbortSignal): Promise<number[]> {
    if (this.#dead) return ports;
    this.#left = new Set(ports);
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#onEnd = resolve;
    const stop = () => this.#worker.postMessage("stop");
    signal?.addEventListener("abort", stop);
    this.#worker.postMessage({ ...this.#settings, ports });
    await promise;
    signal?.removeEventListener("abort", stop);
    return [...this.#left];
  }

  #onAnswer({ refused, others, done }: WorkerAnswer): void {
    const closed = refused.map((port): PortResult => ({ port, ...REFUSED }));
    for (const result of [...closed, ...others]) {
      this.#left.delete(result.port);
      this.#onResult(result);
    }
    if (done) this.#onEnd();
  }

  [Symbol.dispose](): void {
    this.#worker.terminate();
  }
}
