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
import {
  type Connect,
  Deadline,
  isSelfConnection,
} from "../protocol/transport/mod.ts";
import { scanInParallel } from "./01_scan/parallel_scan.ts";
import { PortQueue } from "./01_scan/port_queue.ts";
import {
  type PortResult,
  portState,
  type ScanOptions,
} from "./01_scan/port_state.ts";
import { ScanReport } from "./01_scan/scan_report.ts";
import {
  defineCommand,
  EXIT_INTERRUPTED,
  EXIT_OK,
  requireNet,
  resolveHost,
  runMain,
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
    const rttMs = performance.now() - startMs;
    return { port, state: "open", reason: "connected", rttMs };
  } catch (error) {
    return { port, ...portState(error) };
  }
}

/**
 * Tries each port of a literal address; results come as they are known. Those
 * that were silent are tried again: a SYN can get lost.
 */
export async function scanPorts(
  address: string,
  ports: Iterable<number>,
  options: ScanOptions = {},
): Promise<PortResult[]> {
  const { timeoutMs = 500, concurrency = 64, signal } = options;
  const { onResult, connect } = options;
  const results: PortResult[] = [];
  const queue = new PortQueue(ports, concurrency, signal);

  // All lanes take from one queue: a slow port holds up its own lane only.
  async function lane() {
    using deadline = new Deadline("connect", timeoutMs, signal);
    for (let port; (port = await queue.next()) !== null;) {
      try {
        const attempt = deadline.renew();
        const result = await probePort(address, port, attempt, connect);
        if (!queue.settles(result)) continue;
        results.push(result);
        onResult?.(result);
      } catch (error) {
        await queue.postpone(port, error);
      }
    }
  }
  const lanes = Array.from({ length: concurrency }, lane);
  try {
    await Promise.all(lanes);
  } finally {
    queue.end();
    await Promise.allSettled(lanes);
  }
  return results;
}

export const main = defineCommand(commands.scan, async (values, context) => {
  const { host, ports, timeout, concurrency, all, json } = values;
  const { signal, connect } = context;
  // Resolved once, to the first address: all ports must be of one machine.
  const address = (await resolveHost(host, signal))[0]!;
  await requireNet(address, ports);
  const wanted = ports.length;
  const report = new ScanReport({ host, address, wanted, all, json });
  const scanner = { scanPorts, script: import.meta.url };
  try {
    await scanInParallel(scanner, address, ports, {
      timeoutMs: timeout,
      concurrency,
      signal,
      connect,
      onResult: report.add,
    });
  } finally {
    await report.end();
  }
  return signal.aborted ? EXIT_INTERRUPTED : EXIT_OK;
});

if (import.meta.main) await runMain(main);
