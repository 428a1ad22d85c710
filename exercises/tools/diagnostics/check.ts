import { dim, green, red, yellow } from "@std/fmt/colors";
import { type ErrorContext, explainError } from "../../cli/explain_error.ts";

/** One line of the report. */
export interface Finding {
  check: string;
  status: "ok" | "warning" | "failure" | "skipped";
  /** What was found. */
  detail: string;
  /** What to do about it. */
  todo?: string;
}

/** One thing to look at. */
export interface Check {
  /** A few words, or the host that is asked. */
  name: string;
  /** Without these it is skipped. */
  needs: readonly Permission[];
  /** Says what was found when all is well, and throws what is not. */
  run: (options: CheckOptions) => string | Promise<string>;
  /** What an error counts as: the laboratory can do without IPv6. */
  otherwise: "warning" | "failure";
  /** What is tried, for the sentence about an error. */
  place?: ErrorContext;
}

export interface CheckOptions {
  /** How long a check may wait for an answer, in ms. */
  timeoutMs: number;
  signal?: AbortSignal | undefined;
}

/** Runs one check. Only an interrupt is thrown. */
export async function runCheck(
  { name, needs, run, otherwise, place }: Check,
  options: CheckOptions,
): Promise<Finding> {
  try {
    const missing = await missingOf(needs);
    if (missing.length > 0) {
      const todo = `add ${flagsFor(missing)}`;
      return { check: name, status: "skipped", detail: "not checked", todo };
    }
    return { check: name, status: "ok", detail: await run(options) };
  } catch (error) {
    options.signal?.throwIfAborted();
    const denied = error instanceof Deno.errors.NotCapable;
    const status = denied ? "skipped" : otherwise;
    return { check: name, status, ...inParts(explainError(error, place)) };
  }
}

/** Those of `needs` that Deno does not grant. */
export async function missingOf(
  needs: readonly Permission[],
): Promise<Permission[]> {
  const granted = await Promise.all(needs.map(isGranted));
  return needs.filter((_, i) => !granted[i]);
}

/**
 * A sentence of `explainError` is what happened, a colon, the next step; or, of
 * an error that it does not know, the name and the message.
 */
function inParts(sentence: string): Pick<Finding, "detail" | "todo"> {
  const [, detail, todo] = /^(.*)(?<!Error): ([a-z].*)$/.exec(sentence) ?? [];
  return detail === undefined || todo === undefined
    ? { detail: sentence }
    : { detail, todo };
}

/** A permission for one thing, as its flag names it. */
export type Permission =
  | { name: "net"; host: string }
  | { name: "sys"; kind: "networkInterfaces" };

const KINDS = ["net", "read", "write", "run", "env", "sys", "ffi"] as const;

/** Asks Deno, which answers at once: a query never asks the person. */
export async function isGranted(
  permission: Deno.PermissionDescriptor,
): Promise<boolean> {
  return (await Deno.permissions.query(permission)).state === "granted";
}

/**
 * `--allow-net=localhost --allow-sys=networkInterfaces`, to be pasted: in
 * double quotes where there are brackets, which zsh takes for a pattern.
 */
export function flagsFor(permissions: readonly Permission[]): string {
  const byKind = Map.groupBy(permissions, ({ name }) => name);
  return [...byKind].map(([kind, group]) => {
    const values = new Set(group.map(valueOf));
    // A host is all its ports.
    const rest = [...values].filter((value) => !values.has(withoutPort(value)));
    const flag = `--allow-${kind}=${rest.join(",")}`;
    return flag.includes("[") ? `"${flag}"` : flag;
  }).join(" ");
}

/** The flags that this process runs with, as far as `known` can tell. */
export async function heldFlags(known: readonly Permission[]): Promise<string> {
  const flags: string[] = [];
  let complete = 0;
  for (const name of KINDS) {
    if (await isGranted({ name })) {
      complete++;
      flags.push(`--allow-${name}`);
      continue;
    }
    const held: Permission[] = [];
    for (const permission of known) {
      if (permission.name !== name) continue;
      if (await isGranted(permission)) held.push(permission);
    }
    if (held.length > 0) flags.push(flagsFor(held));
  }
  if (complete === KINDS.length) return "--allow-all";
  return flags.join(" ") || "none";
}

function valueOf(permission: Permission): string {
  return permission.name === "net" ? permission.host : permission.kind;
}

/** `[::1]:80` gives `[::1]`; a host without a port gives nothing. */
function withoutPort(value: string): string {
  return /^(.*[^:]):\d+$/.exec(value)?.[1] ?? "";
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
