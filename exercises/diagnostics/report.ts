import { dim, green, red, yellow } from "@std/fmt/colors";
import type { Finding } from "./check.ts";
import { flagsFor, type Permission } from "./permissions.ts";

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
export function formatSummary(
  findings: readonly Finding[],
  missing: readonly Permission[],
): string {
  const count = (status: Finding["status"]) =>
    findings.filter((finding) => finding.status === status).length;
  const [warnings, failures] = [count("warning"), count("failure")];
  const summary = `${count("ok")} ok, ` +
    `${warnings} warning${warnings === 1 ? "" : "s"}, ` +
    `${failures} failure${failures === 1 ? "" : "s"}, ` +
    `${count("skipped")} skipped`;
  return missing.length === 0
    ? summary
    : `${summary}: to check all, add ${flagsFor(missing)}`;
}
