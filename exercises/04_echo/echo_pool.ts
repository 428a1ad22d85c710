/// <reference lib="deno.worker" />
/**
 * The Echo server as a pool: one process, an accept loop in each worker.
 *
 * Teaches: where Python takes a pool of threads so that one client need not
 * wait for another, an event loop has no need of it: while a client is silent,
 * it serves the others. What one loop cannot do is use a second core. A worker
 * is a thread with an event loop of its own and shares no object with the
 * others, only messages: each has its listener, and SO_REUSEPORT lets all of
 * them have the same port. The system gives each connection to one of them, by
 * its two addresses, whether that one is busy or not. The guide measures what
 * it is worth.
 *
 * The same file is both ends: who starts the workers, and what they run.
 */
import { listenShared } from "../../protocol/transport/resettable.ts";
import { messageOf } from "../../protocol/errors.ts";
import type { Endpoint } from "../../protocol/transport/mod.ts";
import { handleEcho } from "../../servers/echo_handler.ts";
import { harmless, type Log, type LogEntry } from "../../servers/log.ts";
import { type Metric, Metrics } from "../../servers/metrics.ts";
import { serve, type Server, type ServerOptions } from "../../servers/serve.ts";
import { ExerciseError } from "../cli/outcome.ts";

/** What a worker is told: where to listen, and in the end to stop. */
type Order = Task | "tell-metrics" | "stop";
type Task = Endpoint & ServerOptions;

/** What it says: that it listens, what happens there, and that it has ended. */
type Report =
  | { kind: "listening" }
  | { kind: "log"; entry: LogEntry }
  | { kind: "metrics" | "ended"; metrics: Metric[] }
  | { kind: "failed"; message: string };

/**
 * Listens on `port` (0 picks a free one) in each of `count` workers. They have
 * one log, and share the places: there is no worker without one.
 *
 * @throws {Deno.errors.AddrInUse} The port is taken.
 * @throws {ExerciseError} Workers cannot share one, on this system or in this
 * version of Deno (2.4).
 */
export async function echoPool(
  port: number,
  count: number,
  {
    hostname = "127.0.0.1",
    listen = Deno.listen,
    log,
    metrics,
    signal,
    ...limits
  }: ServerOptions = {},
): Promise<Server> {
  await requireSource();
  // Says which port 0 is, and refuses one that another program listens on:
  // SO_REUSEPORT would share it with that one, too.
  const probe = listen({ hostname, port });
  const { addr } = probe;
  probe.close();
  const { maxConnections = Infinity } = limits;
  // Who is given to a worker without a place would wait for ever.
  const length = Math.min(count, maxConnections);
  const share = Math.floor(maxConnections / length);
  const order = { ...limits, hostname: addr.hostname, port: addr.port };
  const tell = harmless(log);
  const members = Array.from({ length }, (_, n) => {
    const places = n < maxConnections % length ? share + 1 : share;
    const tellOf = (entry: LogEntry) => tell({ ...entry, worker: n + 1 });
    return new Member({ ...order, maxConnections: places }, tellOf);
  });
  members.forEach((member) => metrics?.add(() => member.metrics()));
  const stop = () => members.forEach((member) => member.stop());
  const finished = Promise.all(members.map(({ ended }) => ended)).then(() => {
    signal?.removeEventListener("abort", stop);
  });
  const shutdown = () => {
    stop();
    return finished;
  };
  try {
    await Promise.all(members.map(({ listening }) => listening));
  } catch (error) {
    await shutdown();
    throw new ExerciseError(
      `Workers cannot share a port here (${messageOf(error)}): ` +
        "leave out --workers, or take Deno 2.9 on Linux",
    );
  }
  if (signal?.aborted) stop();
  else signal?.addEventListener("abort", stop);
  return { addr, finished, shutdown, [Symbol.asyncDispose]: shutdown };
}

/** @throws {Deno.errors.NotCapable} A worker may not read its own source. */
async function requireSource(): Promise<void> {
  if (Deno.build.standalone) return;
  const path = new URL("../..", import.meta.url);
  const { state } = await Deno.permissions.request({ name: "read", path });
  if (state === "granted") return;
  throw new Deno.errors.NotCapable(
    `Requires read access to "${path.pathname}"`,
  );
}

/** A worker, seen by who starts it. */
class Member {
  readonly #worker = new Worker(import.meta.url, { type: "module" });
  readonly #listening = Promise.withResolvers<void>();
  readonly #ended = Promise.withResolvers<void>();
  #told = Promise.withResolvers<void>();
  /** As it told them last. */
  #metrics: Metric[] = [];

  constructor(order: Order, log: Log) {
    this.#worker.onmessage = ({ data }: MessageEvent<Report>) => {
      switch (data.kind) {
        case "listening":
          return this.#listening.resolve();
        case "log":
          return log(data.entry);
        case "metrics":
          this.#metrics = data.metrics;
          this.#told.resolve();
          this.#told = Promise.withResolvers();
          return;
        case "failed":
          return this.#end(new Error(data.message));
        case "ended":
          this.#metrics = data.metrics;
          return this.#end();
        default:
          data satisfies never;
      }
    };
    this.#worker.onerror = (event) => {
      event.preventDefault(); // The others go on.
      log({ level: "error", event: "worker-died", error: event.message });
      this.#end(new Error(event.message));
    };
    this.#listening.promise.catch(() => {}); // It may end unasked.
    this.#say(order);
  }

  /** Rejects if it cannot. */
  get listening(): Promise<void> {
    return this.#listening.promise;
  }

  /** Resolves when its last connection has ended. */
  get ended(): Promise<void> {
    return this.#ended.promise;
  }

  /** What it counts, also when it has ended: a counter never goes back. */
  async metrics(): Promise<Metric[]> {
    this.#say("tell-metrics");
    await Promise.race([this.#told.promise, this.#ended.promise]);
    return this.#metrics;
  }

  stop(): void {
    this.#say("stop");
  }

  #say(order: Order): void {
    this.#worker.postMessage(order);
  }

  #end(error?: Error): void {
    // Its connections are gone with it.
    const lasts = ({ type }: Metric) => type !== "gauge";
    if (error) this.#metrics = this.#metrics.filter(lasts);
    this.#listening.reject(error);
    this.#worker.terminate();
    this.#ended.resolve();
  }
}

function report(report: Report): void {
  self.postMessage(report);
}

/** What a worker runs: its own accept loop, until it is told to stop. */
async function runAcceptLoop(order: Task): Promise<void> {
  const log = (entry: LogEntry) => report({ kind: "log", entry });
  try {
    const listener = await listenShared(order);
    const server = serve(listener, handleEcho, {
      ...order,
      log,
      metrics,
      signal,
    });
    report({ kind: "listening" });
    await server.finished;
    report({ kind: "ended", metrics: await metrics.read() });
  } catch (error) {
    report({ kind: "failed", message: messageOf(error) });
  }
}

const stop = new AbortController();
const { signal } = stop;
const metrics = new Metrics();

if ("DedicatedWorkerGlobalScope" in globalThis) {
  self.onmessage = async ({ data }: MessageEvent<Order>) => {
    if (data === "stop") stop.abort();
    else if (data === "tell-metrics") {
      report({ kind: "metrics", metrics: await metrics.read() });
    } else await runAcceptLoop(data);
  };
}
