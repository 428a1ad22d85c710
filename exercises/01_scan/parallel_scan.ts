import { isUnwatched } from "../cli/explain_error.ts";
import { type PortResult, REFUSED, type ScanOptions } from "./port_state.ts";
import type { ScanPorts, WorkerAnswer, WorkerRequest } from "./scan_worker.ts";

/** Below this a worker costs more time to start than it saves. */
const PARALLEL_FROM_PORTS = 8192;

/** The lesson's function, and the script that exports it for the workers. */
export interface Scanner {
  scanPorts: ScanPorts;
  /** URL of the script: a function cannot be posted to a worker. */
  script: string;
}

/**
 * `scanPorts` on all cores: this thread and a worker for each further core have
 * an equal share. Where that is not worth it, or a worker may not read its
 * source (`--allow-read`), it is `scanPorts` alone.
 */
export async function scanInParallel(
  { scanPorts, script }: Scanner,
  address: string,
  ports: readonly number[],
  options: ScanOptions,
): Promise<PortResult[]> {
  const { timeoutMs = 500, concurrency = 64, signal } = options;
  const threads = Math.min(await countThreads(ports, options), concurrency);
  if (threads === 1) return await scanPorts(address, ports, options);

  const results: PortResult[] = [];
  const onResult = (result: PortResult) => {
    results.push(result);
    options.onResult?.(result);
  };
  // When this thread fails the others are to stop, and are waited for.
  const failed = new AbortController();
  const signals = [failed.signal, ...signal ? [signal] : []];
  const own = { ...options, onResult, signal: AbortSignal.any(signals) };
  const lanes = Math.floor(concurrency / threads);
  own.concurrency = concurrency - lanes * (threads - 1);
  const [mine = [], ...shares] = Array.from(
    { length: threads },
    (_, thread) => ports.filter((_, i) => i % threads === thread),
  );
  const common = { script, address, timeoutMs, concurrency: lanes };
  const [, ...left] = await Promise.all([
    scanPorts(address, mine, own).catch((error) => failed.abort(error)),
    ...shares.map((ports) => scanInWorker({ ...common, ports }, own)),
  ]);
  failed.signal.throwIfAborted();
  // What a worker that failed has left undone.
  await scanPorts(address, left.flat(), own);
  return results;
}

async function countThreads(
  ports: readonly number[],
  { connect = Deno.connect }: ScanOptions,
): Promise<number> {
  // A function cannot be posted: who watches the sockets watches this thread.
  if (ports.length < PARALLEL_FROM_PORTS || !isUnwatched(connect)) return 1;
  const path = new URL("../..", import.meta.url);
  const read = await Deno.permissions.query({ name: "read", path });
  const mayStart = Deno.build.standalone || read.state === "granted";
  return mayStart ? Math.min(navigator.hardwareConcurrency, 4) : 1;
}

/** Until all are done, the signal fires, or it fails: the ports that are left. */
async function scanInWorker(
  request: WorkerRequest,
  { signal, onResult }: Required<Pick<ScanOptions, "onResult">> & {
    signal: AbortSignal;
  },
): Promise<number[]> {
  const worker = new Worker(new URL("./scan_worker.ts", import.meta.url), {
    type: "module",
  });
  const left = new Set(request.ports);
  const ended = Promise.withResolvers<void>();
  worker.onmessage = ({ data }: MessageEvent<WorkerAnswer>) => {
    const closed = data.refused.map((port) => ({ port, ...REFUSED }));
    for (const result of [...closed, ...data.others]) {
      left.delete(result.port);
      onResult(result);
    }
    if (data.done) ended.resolve();
  };
  worker.onerror = (event) => {
    event.preventDefault();
    ended.resolve();
  };
  const stop = () => worker.postMessage("stop");
  signal.addEventListener("abort", stop);
  worker.postMessage(request);
  if (signal.aborted) stop();
  await ended.promise;
  signal.removeEventListener("abort", stop);
  worker.terminate();
  return [...left];
}
