import { jsonLine, roundMs } from "../../protocol/text.ts";
import { formatHost } from "../../protocol/transport/mod.ts";
import { printLine, Progress, streamLine } from "../cli/mod.ts";
import { isSilence, type PortResult } from "./port_state.ts";
import { serviceName } from "./service_names.ts";

export interface ScanSubject {
  host: string;
  address: string;
  /** How many ports are asked for. */
  wanted: number;
  /** Closed and filtered ports are listed too. */
  all: boolean;
  json: boolean;
}

/**
 * What a person sees of a scan. On a terminal the open ports appear as they are
 * found, above the progress line; else all that is listed comes at the end, in
 * order.
 */
export class ScanReport {
  readonly #subject: ScanSubject;
  readonly #progress: Progress;
  readonly #live: boolean;
  readonly #startMs = performance.now();
  readonly #results: PortResult[] = [];

  constructor(subject: ScanSubject) {
    this.#subject = subject;
    this.#progress = new Progress("Scanning", subject.wanted);
    this.#live = this.#progress.enabled && !subject.all;
  }

  readonly add = (result: PortResult): void => {
    this.#results.push(result);
    if (this.#live && result.state === "open") {
      this.#progress.clear();
      printLine(formatResult(this.#subject, result));
    }
    this.#progress.update(this.#results.length);
  };

  /** Also of a scan that failed: what is known by then. */
  async end(): Promise<void> {
    this.#progress.clear();
    const { all } = this.#subject;
    const lines = this.#results.sort((a, b) => a.port - b.port)
      .filter(({ state }) => !this.#live && (all || state === "open"))
      .map((result) => formatResult(this.#subject, result));
    if (lines.length > 0) await streamLine(lines.join("\n"));
    const elapsedMs = performance.now() - this.#startMs;
    console.error(formatSummary(this.#subject, this.#results, elapsedMs));
  }
}

/** `8000  open      0.1 ms  registered as irdmi`, or the line for `--json`. */
export function formatResult(
  { host, address, json }: Pick<ScanSubject, "host" | "address" | "json">,
  result: PortResult,
): string {
  const { port, state, reason } = result;
  const service = serviceName(port);
  const rtt = result.rttMs === undefined
    ? {}
    : { rttMs: roundMs(result.rttMs) };
  const named = service === null ? {} : { service };
  if (json) {
    return jsonLine({ host, address, port, state, reason, ...rtt, ...named });
  }
  const words = [
    String(port).padStart(5),
    state.padEnd(8),
    result.rttMs === undefined ? reason : `${result.rttMs.toFixed(1)} ms`,
  ];
  if (service !== null) words.push(`registered as ${service}`);
  return words.join("  ");
}

/**
 * `localhost (127.0.0.1): 2 open, 1022 closed, 0 filtered in 0.1 s`; behind the
 * filtered ones why, where it was not silence.
 */
export function formatSummary(
  { host, address, wanted }: Pick<ScanSubject, "host" | "address" | "wanted">,
  results: readonly PortResult[],
  elapsedMs: number,
): string {
  const name = host === address ? formatHost(host) : `${host} (${address})`;
  const count = (state: PortResult["state"]) =>
    results.filter((result) => result.state === state).length;
  const reasons = new Set(
    results.filter((result) =>
      result.state === "filtered" && !isSilence(result)
    ).map(({ reason }) => reason),
  );
  const why = reasons.size > 0 ? ` (${[...reasons].join(", ")})` : "";
  const missing = wanted - results.length;
  return `${name}: ${count("open")} open, ${count("closed")} closed, ` +
    `${count("filtered")} filtered${why} in ${
      (elapsedMs / 1000).toFixed(1)
    } s` +
    (missing > 0 ? `; stopped with ${missing} ports not tried` : "");
}
