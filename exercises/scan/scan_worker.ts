import { type PortResult, REFUSED } from "./port_state.ts";
import type { WorkerAnswer, WorkerSettings } from "./worker.ts";

/** A worker that scans, seen from the thread that asks it. */
export class ScanWorker implements Disposable {
  readonly #settings: WorkerSettings;
  readonly #worker = new Worker(new URL("./worker.ts", import.meta.url), {
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
