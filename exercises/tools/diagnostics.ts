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
import { dim, green, red, yellow } from "@std/fmt/colors";
import {
  formatEndpoint,
  isLiteralAddress,
} from "../../protocol/transport/mod.ts";
import { counted, jsonLine } from "../../protocol/text.ts";
import {
  defineCommand,
  EXIT_FAILED,
  EXIT_OK,
  printLine,
  printNote,
  runMain,
} from "../cli/mod.ts";
import { splitEndpoint } from "../cli/host.ts";
import { host, port } from "../cli/parameters.ts";
import { commands } from "../catalogue.ts";
import { enableColorOnTerminal } from "../terminal/capabilities.ts";
import {
  type Check,
  type Finding,
  flagsFor,
  missingOf,
  type Permission,
  runCheck,
} from "./diagnostics/check.ts";
import {
  ipv4Loopback,
  ipv6Loopback,
  knownName,
  labPorts,
  localAddresses,
  localhost,
  net,
  openFiles,
  permissions,
  system,
} from "./diagnostics/checks.ts";
import { testConnection } from "./test_connection.ts";

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

/**
 * The check for one word of the command line: `host` must have an address,
 * `host:port` must answer. An IPv6 address with a port has brackets.
 *
 * @throws {UsageError} It is no host, or no port.
 */
export function hostCheck(word: string): Check {
  const [before, after] = splitEndpoint(word) ?? [word];
  const hostname = host("").parse(before);
  if (after !== undefined) return answers(hostname, port("").parse(after));
  if (!isLiteralAddress(hostname)) return knownName(hostname);
  const example = formatEndpoint({ hostname, port: 80 });
  return {
    name: hostname,
    otherwise: "warning",
    run: () => ({
      what: "An address, with nothing to look up",
      next: `add a port to connect to, such as ${example}`,
    }),
  };
}

function answers(hostname: string, port: number): Check {
  const name = formatEndpoint({ hostname, port });
  return {
    name,
    needs: [net(name)],
    place: { doing: "connect", host: hostname, port },
    run: async (options) => {
      const ms = await testConnection(hostname, port, options);
      return `answers, connected in ${ms.toFixed(1)} ms`;
    },
  };
}

const COLORS = { ok: green, warning: yellow, failure: red, skipped: dim };
const CHECK_COLUMNS = "name resolution".length;

/** `warning  port 8000        Port 8000 is already taken: choose another` */
export function formatFinding({ check, status, detail, todo }: Finding) {
  const words = [
    COLORS[status](status.padEnd("warning".length)),
    check.padEnd(CHECK_COLUMNS),
    todo === undefined ? detail : `${detail}: ${todo}`,
  ];
  return words.join("  ");
}

/** `9 ok, 1 warning, 0 failures, 2 skipped: to check all, add ...` */
function formatSummary(
  findings: readonly Finding[],
  missing: readonly Permission[],
): string {
  const count = (wanted: Finding["status"]) =>
    findings.filter(({ status }) => status === wanted).length;
  const advice = missing.length > 0 &&
    `: to check all, add ${flagsFor(missing)}`;
  return `${count("ok")} ok, ${counted(count("warning"), "warning")}, ` +
    `${counted(count("failure"), "failure")}, ${count("skipped")} skipped` +
    (advice || "");
}

export const main = defineCommand(
  commands.diagnostics,
  async ({ rest: hosts, timeout, json }, { signal, connect }) => {
    enableColorOnTerminal();
    const checks = networkChecks(hosts);
    const options = { timeoutMs: timeout, signal, connect };
    const findings: Finding[] = [];
    // One after another: each may use all that the machine has.
    for (const check of checks) {
      const finding = await runCheck(check, options);
      findings.push(finding);
      printLine(json ? jsonLine(finding) : formatFinding(finding));
    }
    const missing = missingOf(checks.flatMap(({ needs = [] }) => needs));
    printNote(formatSummary(findings, missing));
    const failed = findings.some(({ status }) => status === "failure");
    return failed ? EXIT_FAILED : EXIT_OK;
  },
);

if (import.meta.main) await runMain(main);
