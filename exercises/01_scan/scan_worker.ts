/// <reference lib="deno.worker" />
import { type PortResult, REFUSED, type ScanOptions } from "./port_state.ts";

export type ScanPorts = (
  address: string,
  ports: Iterable<number>,
  options: ScanOptions,
) => Promise<PortResult[]>;

/** What is posted to a worker; after it, perhaps, "stop". */
export interface WorkerRequest {
  /** URL of the module that exports `scanPorts`. */
  script: string;
  address: string;
  ports: number[];
  timeoutMs: number;
  concurrency: number;
}

/**
 * What a worker posts back, ten times a second and at the end.
 * Most ports are closed: those travel as numbers, thousands of objects would
 * have to be copied one by one.
 */
export interface WorkerAnswer {
  refused: number[];
  others: PortResult[];
  done: boolean;
}

const ANSWER_EVERY_MS = 100;

const stop = new AbortController();

// Each closed port is an error, whose stack nobody will look at.
Error.stackTraceLimit = 0;

self.onmessage = async ({ data }: MessageEvent<WorkerRequest | "stop">) => {
  if (data === "stop") return stop.abort();
  const { script, address, ports, ...options } = data;
  const { signal } = stop;
  let refused: number[] = [];
  let others: PortResult[] = [];
  function post(done: boolean) {
    const answer: WorkerAnswer = { refused, others, done };
    self.postMessage(answer);
    refused = [];
    others = [];
  }
  const timer = setInterval(() => post(false), ANSWER_EVERY_MS);
  function onResult(result: PortResult) {
    if (result.reason === REFUSED.reason) refused.push(result.port);
    else others.push(result);
  }
  try {
    // Named by who starts the scan: were it imported here by name, the exercise
    // and its worker would import each other.
    const { scanPorts }: { scanPorts: ScanPorts } = await import(script);
    await scanPorts(address, ports, { ...options, signal, onResult });
  } catch {
    // Whoever asked tries the rest, and meets the error again if it is lasting.
  }
  clearInterval(timer);
  post(true);
};
