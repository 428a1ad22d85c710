import { jsonLine } from "../../protocol/text.ts";
import { formatHost } from "../../protocol/transport/address.ts";
import type { PortResult } from "./port_state.ts";
import { serviceName } from "./service_names.ts";

export interface Report {
  host: string;
  address: string;
  /** How many ports were asked for. */
  wanted: number;
  elapsedMs: number;
  results: PortResult[];
}

/** `8000  open      0.1 ms  registered as irdmi` */
export function formatResult({ port, state, reason, rttMs }: PortResult) {
  const service = serviceName(port);
  const words = [
    String(port).padStart(5),
    state.padEnd(8),
    rttMs === undefined ? reason : `${rttMs.toFixed(1)} ms`,
  ];
  if (service !== null) words.push(`registered as ${service}`);
  return words.join("  ");
}

/** The line for `--json`. */
export function jsonResult(host: string, { port, ...rest }: PortResult) {
  const service = serviceName(port);
  const named = service === null ? {} : { service };
  return jsonLine({ host, port, ...rest, ...named });
}

/** `localhost (127.0.0.1): 2 open, 1022 closed, 0 filtered in 0.1 s` */
export function formatSummary(report: Report): string {
  const { host, address, wanted, results, elapsedMs } = report;
  const name = host === address ? formatHost(host) : `${host} (${address})`;
  const count = (state: PortResult["state"]) =>
    results.filter((result) => result.state === state).length;
  const missing = wanted - results.length;
  return `${name}: ${count("open")} open, ${count("closed")} closed, ` +
    `${count("filtered")} filtered in ${(elapsedMs / 1000).toFixed(1)} s` +
    (missing > 0 ? `; stopped with ${missing} ports not tried` : "");
}
