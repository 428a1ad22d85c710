/// <reference lib="deno.worker" />
import type { PortResult, ScanOptions } from "./port_state.ts";

export type ScanPorts = (
  address: string,
  ports: Iterable<number>,
  options: ScanOptions,
) => Promise<PortResult[]>;

/** One slice of a scan, as it is posted to the worker. */
export interface WorkerRequest {
  /** URL of the module that exports `scanPorts`. */
  script: string;
  address: string;
  ports: number[];
  timeoutMs: number;
  concurrency: number;
}

self.onmessage = async ({ data }: MessageEvent<WorkerRequest>) => {
  const { script, address, ports, ...options } = data;
  // Named by who starts the scan: were it imported here by name, the exercise
  // and its worker would import each other.
  const { scanPorts }: { scanPorts: ScanPorts } = await import(script);
  self.postMessage(await scanPorts(address, ports, options));
};
