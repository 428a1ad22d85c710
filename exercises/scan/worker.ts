/// <reference lib="deno.worker" />
import { scanPorts } from "../01_port_scanner.ts";

/** One slice of a scan, as it is posted to the worker. */
export interface WorkerRequest {
  address: string;
  ports: number[];
  timeoutMs: number;
  concurrency: number;
}

self.onmessage = async ({ data }: MessageEvent<WorkerRequest>) => {
  const { address, ports, ...options } = data;
  self.postMessage(await scanPorts(address, ports, options));
};
