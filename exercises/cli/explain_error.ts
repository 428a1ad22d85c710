import { ProtocolError, UnexpectedEndError } from "../../protocol/errors.ts";
import { printable, quote } from "../../protocol/text.ts";
import {
  formatEndpoint,
  formatHost,
} from "../../protocol/transport/address.ts";
import { TimeoutError } from "../../protocol/transport/deadline.ts";
import { ExerciseError } from "./outcome.ts";

/** What was being done when the error came, as far as it is known. */
export interface ErrorContext {
  host?: string | undefined;
  port?: number | undefined;
  /** Whether a server was to listen there. */
  listens?: boolean | undefined;
}

/**
 * The one place where an error becomes a sentence: what happened, a colon, the
 * next step. Never a stack trace, never a bare "os error 111".
 */
export function explainError(
  error: unknown,
  context: ErrorContext = {},
): string {
  // What a peer said or called a file may be a part of it.
  return printable(explain(error, context));
}

function explain(error: unknown, context: ErrorContext): string {
  const there = place(context);
  if (error instanceof Deno.errors.NotCapable) return explainPermission(error);
  if (error instanceof TimeoutError) return explainTimeout(error, there);
  if (error instanceof UnexpectedEndError) {
    return `The peer closed early (${lowerFirst(error.message)}): ` +
      "see whether it still runs, and what its log says";
  }
  if (error instanceof ProtocolError) {
    return `The peer broke the protocol (${lowerFirst(error.message)}): ` +
      "check that the right service answers on that port";
  }
  if (error instanceof ExerciseError) return error.message;
  if (!(error instanceof Error)) return `Something failed: ${error}`;
  return explainSystemError(error, context, there) ??
    `${error.name}: ${error.message}`;
}

/** The names that the system's errors have in Deno, or their codes. */
function explainSystemError(
  error: Error,
  { host = "the host", port, listens }: ErrorContext,
  there: string,
): string | null {
  const code = (error as { code?: string }).code;
  switch (true) {
    case error instanceof Deno.errors.ConnectionRefused:
      return `Nothing listens on ${there} (connection refused): ` +
        "check the port, or start the server first";
    case error instanceof Deno.errors.ConnectionReset ||
      error instanceof Deno.errors.ConnectionAborted ||
      error instanceof Deno.errors.BrokenPipe:
      return `The peer at ${there} reset the connection (RST): ` +
        "it crashed, or refused what was sent; look at its log";
    case error instanceof Deno.errors.TimedOut:
      return `No answer from ${there}, the system gave up waiting: ` +
        "check the address, the host may be down or behind a firewall";
    case error instanceof Deno.errors.AddrInUse:
      return `Port ${port ?? "of the server"} is already taken: ` +
        "choose another (0 picks a free one), or stop the program that has it";
    case code === "EADDRNOTAVAIL":
      return `${host} cannot be used from this machine: check the address; ` +
        "a server listens on one of the machine's own, such as 127.0.0.1";
    case code === "EAFNOSUPPORT":
      return `This machine has no addresses of the kind of ${host}: ` +
        "use IPv4, as in 127.0.0.1";
    case code === "EHOSTUNREACH" || code === "ENETUNREACH":
      return `There is no route to ${host} (unreachable): ` +
        "check the address and this machine's network";
    case code === "ENOSPC":
      return "There is no space left to write to: free some, or write elsewhere";
    case code === "ENAMETOOLONG":
      return "The file system takes no name as long as that: " +
        "choose another --output";
    case error instanceof Deno.errors.NotFound && code === "ENOENT":
      return `${noSuchFile(error)}: check the path`;
    case error instanceof Deno.errors.NotADirectory ||
      ["EISDIR", "ENOTDIR", "EEXIST"].includes(code ?? ""):
      return `A file or folder is not what it should be (${error.message}): ` +
        "check the path";
    case code === "EMFILE" || code === "ENFILE":
      return "Too many open files: raise the limit (ulimit -n), " +
        "or lower --concurrency";
    case code === "EROFS":
      return "The file system is read-only: choose another place";
    case isAboutFile(error) &&
      (code === "EACCES" || error instanceof Deno.errors.PermissionDenied):
      return `The system does not allow it (${error.message}): ` +
        "look at who owns it, or choose another place";
    case code === "EACCES" || error instanceof Deno.errors.PermissionDenied:
      return `The system does not allow it (${error.message}): ` +
        (listens
          ? "choose a port from 1024 up"
          : "a firewall may forbid it, or it is no address of one host");
    case error instanceof URIError ||
      /failed to lookup address|getaddrinfo|No address/i.test(error.message):
      return `Unknown host ${quote(host)}: ` +
        "check the spelling, or use the address";
    case code === "EINVAL":
      return `${quote(host)} cannot be used as an address here: ` +
        "check it (a link-local IPv6 address needs its zone, as in fe80::1%2)";
    default:
      return null;
  }
}

/** `No such file or directory (os error 2): open '/a/b'`, said shorter. */
function noSuchFile({ message }: Error): string {
  // `rename 'a' -> 'b'` names two.
  const [, path] = /: \w+ '(.*?)'(?: -> '.*')?$/s.exec(message) ?? [];
  return path === undefined
    ? message
    : `There is no ${path}, or no folder for it`;
}

/** Deno ends the message for a file with what it did: `: open '/root/x'`. */
function isAboutFile({ message }: Error): boolean {
  return /: \w+ '/.test(message);
}

/** Deno's message quotes what it wanted: `net access to "localhost:7"`. */
function explainPermission(error: Error): string {
  const wanted = /Requires (\w+) access to (?:"([^"]*)"|<(\w+)>)?/
    .exec(error.message);
  const flag = wanted ? `--allow-${wanted[1]}` : "--allow-...";
  if (wanted?.[1] === "all") {
    return `Deno keeps ${wanted[2]} for programs that may do everything: ` +
      "choose another folder (or add --allow-all)";
  }
  const target = wanted?.[2];
  const full = target === undefined ? flag : `${flag}=${target}`;
  // A shell would take brackets and spaces for its own.
  const exact = /^[\w.:/=-]+$/.test(full) ? full : `"${full}"`;
  return `Deno did not allow it (${error.message.split(",")[0]}): ` +
    `add ${exact}`;
}

function explainTimeout(error: TimeoutError, there: string): string {
  const limit = `${error.timeoutMs} ms`;
  switch (error.clock) {
    case "connect":
      return `No answer from ${there} within ${limit} (timed out): ` +
        "the host may be down or behind a firewall, try a longer --timeout";
    case "idle":
      return `${there} said nothing for ${limit} (timed out): ` +
        "it may be stuck, or wait for something else; check the port";
    case "total":
      return `${there} took longer than ${limit} (timed out): ` +
        "it may be slow or wait for something else, try a longer --timeout";
  }
}

function place({ host, port }: ErrorContext): string {
  if (host === undefined) return port ? `port ${port}` : "that address";
  return port === undefined
    ? formatHost(host)
    : formatEndpoint({ hostname: host, port });
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
