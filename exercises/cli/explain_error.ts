import { messageOf } from "../../protocol/errors.ts";
import { printable, quote } from "../../protocol/text.ts";
import {
  formatEndpoint,
  formatHost,
} from "../../protocol/transport/address.ts";
import { TimeoutError } from "../../protocol/transport/deadline.ts";
import type {
  Connect,
  Listen,
  ListenOptions,
} from "../../protocol/transport/socket.ts";
import { type ErrorKind, type Operation, ROWS } from "./error_table.ts";

/** What was being done when the error came, as far as it is known. */
export interface ErrorContext {
  /** None: something with a file, or with a connection that stands. */
  doing?: Operation | undefined;
  host?: string | undefined;
  port?: number | undefined;
}

/** What happened, and what to do next; null where nobody knows. */
export interface Explanation {
  what: string;
  next: string | null;
}

/**
 * The one place where an error becomes words: what happened, and the next step.
 * Never a stack trace, never an "os error 111".
 */
export function explainError(
  error: unknown,
  context: ErrorContext = {},
): Explanation {
  if (!(error instanceof Error)) {
    return { what: printable(`Something failed: ${error}`), next: null };
  }
  const operation = { ...context, ...failedCalls.get(error) };
  const { what, next } = ROWS.find(({ errors, doing }) =>
    errors.some((kind) => isOfKind(error, kind)) &&
    (doing === undefined || doing.some((one) => one === operation.doing))
  )!;
  const details = detailsOf(error, operation);
  // What a peer said, or called a file, may be a part of it.
  const fill = (text: string) =>
    printable(text.replace(/\{(\w+)\}/g, (_, name) => details[name] ?? ""));
  return { what: fill(what), next: next === null ? null : fill(next) };
}

/** `What happened: the next step`, one sentence for a person. */
export function formatExplanation({ what, next }: Explanation): string {
  return next === null ? what : `${what}: ${next}`;
}

function isOfKind(error: Error, kind: ErrorKind): boolean {
  if (kind instanceof RegExp) return kind.test(error.message);
  if (typeof kind !== "string") return error instanceof kind;
  return error instanceof TimeoutError
    ? kind === `${error.clock} clock`
    : kind === (error as { code?: string }).code;
}

/** What the rows can tell of an error. */
function detailsOf(
  error: Error,
  { host, port }: ErrorContext,
): Record<string, string> {
  const message = messageOf(error);
  // Deno ends it with what it did: `: open '/a'`, `: rename '/a' -> '/b'`.
  const [, path = "such file"] = /[:,] \w+ '(.*?)'(?: -> '.*')?$/s
    .exec(message) ?? [];
  // `Requires net access to "localhost:7", run again with ...`
  const [beginning = ""] = message.split(",");
  const [, kind = "...", wanted = ""] =
    /Requires (\w+) access to (?:"([^"]*)")?/.exec(message) ?? [];
  const flag = `--allow-${kind}${wanted && `=${wanted}`}`;
  return {
    name: error.name,
    message,
    reason: messageOf(error.cause ?? error),
    inside: message.charAt(0).toLowerCase() + message.slice(1),
    path,
    beginning,
    wanted,
    // A shell would take brackets and spaces for its own.
    flag: /^[\w.:/=-]+$/.test(flag) ? flag : `"${flag}"`,
    limit: error instanceof TimeoutError ? String(error.timeoutMs) : "",
    host: host ?? "the host",
    quotedHost: quote(host ?? "the host"),
    port: String(port ?? "of the server"),
    there: placeOf(host, port),
  };
}

function placeOf(host?: string, port?: number): string {
  if (host === undefined) return port ? `port ${port}` : "that address";
  return port === undefined
    ? formatHost(host)
    : formatEndpoint({ hostname: host, port });
}

/**
 * Which call has failed: a file's "Invalid argument" is no bad address. Of all
 * the others one need not know, their errors say enough.
 */
const failedCalls = new WeakMap<Error, ErrorContext>();

/** `connect`, whose errors `explainError` knows from others. */
export function notedConnect(connect: Connect): Connect {
  const noted: Connect = (options) =>
    connect(options).catch((error) => note(error, "connect", options));
  if (isUnwatched(connect)) unwatched.add(noted);
  return noted;
}

const unwatched = new WeakSet<object>([Deno.connect, Deno.listen]);

/** Whether it is Deno's own: another thread may do it in its place. */
export function isUnwatched(network: Connect | Listen): boolean {
  return unwatched.has(network);
}

/** `listen`, likewise. */
export function notedListen<L>(
  listen: (options: ListenOptions) => L,
): (options: ListenOptions) => L {
  const noted = (options: ListenOptions) => {
    try {
      return listen(options);
    } catch (error) {
      return note(error, "listen", options);
    }
  };
  if (unwatched.has(listen)) unwatched.add(noted);
  return noted;
}

function note(
  error: unknown,
  doing: Operation,
  { hostname: host, port }: { hostname: string; port: number },
): never {
  // A signal may have anything for a reason.
  if (error instanceof Error) failedCalls.set(error, { doing, host, port });
  throw error;
}
