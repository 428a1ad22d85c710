/// <reference lib="deno.worker" />
import type { PortResult, ScanOptions } from "./port_state.ts";

export type ScanPorts = (
  address: string,
  ports: Iterable<number>,
  options: ScanOptions,
) => Promise<PortResult[]>;

/** What stays the same from slice to slice. */
export interface WorkerSettings {
  /** URL of the module that exports `scanPorts`. */
  script: string;
  address: string;
  timeoutMs: number;
  concurrency: number;
}

/** One slice of a scan, as it is posted to the worker; or its end. */
export type WorkerRequest = WorkerSettings & { ports: number[] } | "stop";

let stop = new AbortController();

self.onmessage = async ({ data }: MessageEvent<WorkerRequest>) => {
  if (data === "stop") return stop.abort();
  const { script, address, ports, ...options } = data;
  stop = new AbortController();
  const { signal } = stop;
  // Named by who starts the scan: were it imported here by name, the exercise
  // and its worker would import each other.
  const { scanPorts }: { scanPorts: ScanPorts } = await import(script);
  self.postMessage(await scanPorts(address, ports, { ...options, signal }));
};
