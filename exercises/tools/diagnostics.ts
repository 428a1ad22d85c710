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
import { counted, jsonLine } from "../../protocol/text.ts";
import {
  defineCommand,
  EXIT_FAILED,
  EXIT_OK,
  printLine,
  printNote,
  runMain,
} from "../cli/mod.ts";
import { commands } from "../catalogue.ts";
import { enableColorOnTerminal } from "../terminal/capabilities.ts";
import {
  type Finding,
  flagsFor,
  isGranted,
  runCheck,
} from "./diagnostics/finding.ts";
import { networkChecks } from "./diagnostics/checks.ts";

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

/** `9 ok, 1 warning, 0 failures, 2 skipped` */
function formatCounts(findings: readonly Finding[]): string {
  const count = (wanted: Finding["status"]) =>
    findings.filter(({ status }) => status === wanted).length;
  return `${count("ok")} ok, ${counted(count("warning"), "warning")}, ` +
    `${counted(count("failure"), "failure")}, ${count("skipped")} skipped`;
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
    const needed = checks.flatMap(({ needs }) => needs ? [needs] : []);
    const flags = flagsFor(needed.filter((one) => !isGranted(one)));
    const advice = flags && `: to check all, add ${flags}`;
    printNote(formatCounts(findings) + advice);
    const failed = findings.some(({ status }) => status === "failure");
    return failed ? EXIT_FAILED : EXIT_OK;
  },
);

if (import.meta.main) await runMain(main);
