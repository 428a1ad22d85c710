/**
 * Exercise 1: the port scanner.
 *
 * Teaches: a TCP connection is asked for with SYN. A program that listens
 * answers SYN-ACK (open); without one the system answers RST (closed); a
 * firewall answers nothing, and only a clock of our own ends the wait
 * (filtered). See RFC 9293, section 3.5. Python: connect_ex() and settimeout().
 *
 * Terminal 1: deno run --allow-net=127.0.0.1 exercises/01_port_scanner.ts 127.0.0.1 1-1024
 *
 * You will see: each open port with the name that IANA registers for it, and
 * how many were closed and filtered.
 * Read with it: 01_scan/port_state.ts, what each error of a connect says.
 * Try next: start exercise 5 and scan 8000; --all; --concurrency 1.
 */
import { roundMs } from "../protocol/text.ts";
import {
  type Connect,
  Deadline,
  isSelfConnection,
} from "../protocol/transport/mod.ts";
import { scanInParallel } from "./01_scan/parallel_scan.ts";
import {
  Patience,
  type PortResult,
  portState,
  type ScanOptions,
} from "./01_scan/port_state.ts";
import {
  formatResult,
  formatSummary,
  jsonResult,
} from "./01_scan/scan_report.ts";
import {
  defineCommand,
  EXIT_INTERRUPTED,
  EXIT_OK,
  Progress,
  requireNet,
  resolveHost,
  runMain,
  streamLine,
} from "./cli/mod.ts";
import { commands } from "./catalogue.ts";

/**
 * Asks one port for a connection and says what the answer means. Without an
 * answer it is `signal` that ends the wait.
 */
export async function probePort(
  address: string,
  port: number,
  signal: AbortSignal,
  connect: Connect = Deno.connect,
): Promise<PortResult> {
  const startMs = performance.now();
  try {
    using conn = await connect({ hostname: address, port, signal });
    // A closed port of the range that outgoing connections use can be the very
    // port that ours got: then it has met itself, and nobody listens.
    if (isSelfConnection(conn.localAddr, conn.remoteAddr)) {
      return { port, state: "closed", reason: "self-connection" };
    }
    const rttMs = roundMs(performance.now() - startMs);
    return { port, state: "open", reason: "connected", rttMs };
  } catch (error) {
    return { port, ...portState(error) };
  }
}

/** Tries each port of a literal address; results come as they are known. */
export async function scanPorts(
  address: string,
  ports: Iterable<number>,
  options: ScanOptions = {},
): Promise<PortResult[]> {
  const { timeoutMs = 500, concurrency = 64, signal } = options;
  const { onResult, connect } = options;
  const results: PortResult[] = [];
  const queue = ports[Symbol.iterator]();
  const patience = new Patience();

  let stopped = false;

  // All lanes take from one queue: a slow port holds up its own lane only.
  async function lane() {
    using deadline = new Deadline("connect", timeoutMs, signal);
    for (let next = queue.next(); !next.done;) {
      if (stopped || signal?.aborted) return;
      const attempt = deadline.renew();
      try {
        const port = next.value;
        const result = await probePort(address, port, attempt, connect);
        results.push(result);
        onResult?.(result);
        patience.note();
        next = queue.next();
      } catch (error) {
        await patience.wait(error); // Then the same port again.
      }
    }
  }
  const lanes = Array.from(
    { length: concurrency },
    () =>
      lane().catch((error) => {
        stopped = true; // The other lanes finish the port that they are at.
        if (!signal?.aborted) throw error;
      }),
  );
  const ended = await Promise.allSettled(lanes);
  for (const lane of ended) if (lane.status === "rejected") throw lane.reason;
  return results;
}

export const main = defineCommand(commands.scan, async (values, context) => {
  const { host, ports, timeout, concurrency, all, json } = values;
  const { signal, connect } = context;
  // Resolved once, to the first address: all ports must be of one machine.
  const address = (await resolveHost(host, signal))[0]!;
  await requireNet(address, ports);
  const startMs = performance.now();
  using progress = new Progress("Scanning", ports.length);
  let done = 0;
  const scanner = { scanPorts, script: import.meta.url };
  const results = await scanInParallel(scanner, address, ports, {
    timeoutMs: timeout,
    concurrency,
    signal,
    connect,
    onResult: () => progress.update(++done),
  });
  progress[Symbol.dispose]();
  results.sort((a, b) => a.port - b.port);
  const lines = results
    .filter(({ state }) => all || state === "open")
    .map((result) => json ? jsonResult(host, result) : formatResult(result));
  if (lines.length > 0) await streamLine(lines.join("\n"));
  const elapsedMs = performance.now() - startMs;
  const wanted = ports.length;
  const summary = { host, address, wanted, elapsedMs, results };
  console.error(formatSummary(summary));
  return signal.aborted ? EXIT_INTERRUPTED : EXIT_OK;
});

if (import.meta.main) await runMain(main);
