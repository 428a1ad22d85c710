import type { ClientOptions } from "../../../protocol/transport/mod.ts";
import {
  type ErrorContext,
  explainError,
  type Explanation,
} from "../../cli/explain_error.ts";

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
  /** Without this it is skipped. */
  needs?: Permission;
  /** Gives a sentence when all is well, else what is not, or throws it. */
  run: (
    options: CheckOptions,
  ) => string | Explanation | Promise<string | Explanation>;
  /** What it counts as when it is not well: a failure, unless it says so. */
  otherwise?: Exclude<Finding["status"], "ok">;
  /** What is tried, for the sentence about an error. */
  place?: ErrorContext;
}

export interface CheckOptions extends ClientOptions {
  /** How long a check may wait for an answer, in ms. */
  timeoutMs: number;
}

/** Runs one check. Only an interrupt is thrown. */
export async function runCheck(
  { name: check, needs, run, otherwise: status = "failure", place }: Check,
  options: CheckOptions,
): Promise<Finding> {
  if (needs && !isGranted(needs)) {
    const todo = `add ${flagsFor([needs])}`;
    return { check, status: "skipped", detail: "not checked", todo };
  }
  let found: string | Explanation;
  try {
    found = await run(options);
  } catch (error) {
    // A wider permission can still have a hole (--deny-net).
    if (error instanceof Deno.errors.NotCapable) status = "skipped";
    found = explainError(error, place);
  }
  if (typeof found === "string") return { check, status: "ok", detail: found };
  options.signal?.throwIfAborted();
  const { what: detail, next: todo } = found;
  return { check, status, detail, ...todo !== null && { todo } };
}

/** A permission for one thing, as its flag names it. */
export type Permission =
  | { name: "net"; host: string }
  | { name: "sys"; kind: "networkInterfaces" };

/** The permission for a host, or one of its ports. */
export function net(host: string): Permission {
  return { name: "net", host };
}

const KINDS = ["net", "read", "write", "run", "env", "sys", "ffi"] as const;

/** Asks Deno, which answers at once: a query never asks the person. */
export function isGranted(permission: Deno.PermissionDescriptor): boolean {
  return Deno.permissions.querySync(permission).state === "granted";
}

/**
 * `--allow-net=localhost --allow-sys=networkInterfaces`, to be pasted: in
 * double quotes where there are brackets, which zsh takes for a pattern.
 */
export function flagsFor(permissions: readonly Permission[]): string {
  const byKind = Map.groupBy(permissions, ({ name }) => name);
  return [...byKind].map(([kind, group]) => {
    const values = new Set(
      group.map((one) => one.name === "net" ? one.host : one.kind),
    );
    // A host is all its ports: `[::1]` that of `[::1]:80`.
    const rest = [...values].filter((value) =>
      !values.has(/^(.*[^:]):\d+$/.exec(value)?.[1] ?? "")
    );
    const flag = `--allow-${kind}=${rest.join(",")}`;
    return flag.includes("[") ? `"${flag}"` : flag;
  }).join(" ");
}

/** The flags that this process runs with, as far as `known` can tell. */
export function heldFlags(known: readonly Permission[]): string {
  const held = known.filter(isGranted);
  const flags = KINDS.map((kind) =>
    isGranted({ name: kind })
      ? `--allow-${kind}`
      : flagsFor(held.filter(({ name }) => name === kind))
  );
  const complete = KINDS.every((kind, i) => flags[i] === `--allow-${kind}`);
  return complete ? "--allow-all" : flags.filter(Boolean).join(" ") || "none";
}
