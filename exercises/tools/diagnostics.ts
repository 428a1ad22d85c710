/**
 * Is this machine fit for the laboratory? A report to read, or to paste for
 * somebody who helps.
 *
 * Terminal 1: deno run --allow-net=localhost,127.0.0.1 --allow-sys=networkInterfaces exercises/tools/diagnostics.ts
 *
 * You will see: a line for each thing, ok, warning or failure, with what to
 * do. What Deno does not allow is skipped, and the line says which flag would
 * let it: here IPv6.
 * Try next: that flag; --json; ulimit -n 64; localhost:8000 before and after
 * you start exercise 5 (it needs --allow-net=localhost:8000).
 */
import { jsonLine } from "../../protocol/text.ts";
import { defineCommand } from "../cli/command.ts";
import { EXIT_FAILED, EXIT_OK } from "../cli/outcome.ts";
import { runMain } from "../cli/run.ts";
import { commands } from "../catalogue.ts";
import { enableColorOnTerminal } from "../terminal/capabilities.ts";
import { printLine } from "../terminal/stdout.ts";
import {
  type Check,
  type CheckOptions,
  type Finding,
  formatFinding,
  formatSummary,
  missingOf,
  runCheck,
} from "./diagnostics/check.ts";
import {
  hostCheck,
  ipv4Loopback,
  ipv6Loopback,
  labPorts,
  localAddresses,
  localhost,
  openFiles,
  permissions,
  system,
} from "./diagnostics/checks.ts";

/**
 * Everything to look at, in the order of the report; `hosts` (`name`,
 * `name:port`, `[::1]:port`) come last.
 *
 * @throws {UsageError} One of them is no host, or has no such port.
 */
export function networkChecks(hosts: readonly string[] = []): Check[] {
  const checks = [
    localAddresses(),
    localhost(),
    ipv4Loopback,
    ipv6Loopback(),
    ...labPorts(Object.values(commands)),
    openFiles,
    ...hosts.map(hostCheck),
  ];
  return [system, permissions(checks), ...checks];
}

/** Runs check after check: each may use all that the machine has. */
export async function* networkDiagnostics(
  checks: readonly Check[] = networkChecks(),
  options: CheckOptions = { timeoutMs: 5000 },
): AsyncGenerator<Finding> {
  for (const check of checks) yield await runCheck(check, options);
}

export const main = defineCommand(
  commands.diagnostics,
  async ({ rest: hosts, timeout, json }, { signal }) => {
    enableColorOnTerminal();
    const checks = networkChecks(hosts);
    const options = { timeoutMs: timeout, signal };
    const findings: Finding[] = [];
    for await (const finding of networkDiagnostics(checks, options)) {
      findings.push(finding);
      printLine(json ? jsonLine(finding) : formatFinding(finding));
    }
    const missing = await missingOf(checks.flatMap(({ needs }) => needs));
    console.error(formatSummary(findings, missing));
    const failed = findings.some(({ status }) => status === "failure");
    return failed ? EXIT_FAILED : EXIT_OK;
  },
);

if (import.meta.main) await runMain(main);
