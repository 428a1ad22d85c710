import { type ErrorContext, explainError } from "../terminal/explain_error.ts";
import { flagsFor, isGranted, type Permission } from "./permissions.ts";

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
