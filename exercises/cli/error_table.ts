import { ProtocolError, UnexpectedEndError } from "../../protocol/errors.ts";
import { ExerciseError } from "./outcome.ts";
import { TLS_ROWS } from "./tls_errors.ts";

/**
 * A code of the system's, the class, or a clock; words only where Deno has
 * neither code nor class.
 */
export type ErrorKind =
  | string
  | RegExp
  | (abstract new (...args: never[]) => Error);

/** What can fail beside files and connections that stand. */
export type Operation = "connect" | "listen";

/** Which errors, and the words for them. */
export interface Row {
  errors: readonly ErrorKind[];
  /** What must have failed; without it whatever it was. */
  doing?: readonly Operation[];
  /** With names of details in braces: see `explainError`. So has `next`. */
  what: string;
  next: string | null;
}

const { errors } = Deno;

/** Many system errors have no code in Deno: EFBIG, EDQUOT, ENOPROTOOPT. */
const SYSTEM_ERROR = /\(os error \d+\)/;
/** As Deno says it, node:dns, and Windows. */
const LOOKUP_FAILED = /^(failed to lookup|getaddrinfo|No such host)/;

/** The first that fits says it. */
export const ROWS: readonly Row[] = [
  {
    errors: [/^Requires all access/],
    what: "Deno keeps {wanted} for programs that may do everything",
    next: "choose another folder (or add --allow-all)",
  },
  {
    errors: [errors.NotCapable],
    what: "Deno did not allow it ({beginning})",
    next: "add {flag}",
  },
  {
    errors: ["connect clock"],
    what: "No answer from {there} within {limit} ms (timed out)",
    next: "the host may be down or behind a firewall, try a longer --timeout",
  },
  {
    errors: ["idle clock"],
    what: "{there} said nothing for {limit} ms (timed out)",
    next: "it may be stuck, or wait for something else; check the port",
  },
  {
    errors: ["total clock"],
    what: "{there} took longer than {limit} ms (timed out)",
    next: "it may be slow or wait for something else, try a longer --timeout",
  },
  ...TLS_ROWS,
  {
    errors: [UnexpectedEndError],
    what: "The peer closed early ({inside})",
    next: "see whether it still runs, and what its log says",
  },
  {
    errors: [ProtocolError],
    what: "The peer broke the protocol ({inside})",
    next: "check that the right service answers on that port",
  },
  // Its message has the next step, or needs none.
  { errors: [ExerciseError], what: "{message}", next: null },
  {
    errors: [errors.ConnectionRefused],
    what: "Nothing listens on {there} (connection refused)",
    next: "check the port, or start the server first",
  },
  {
    errors: [
      errors.ConnectionReset,
      errors.ConnectionAborted,
      errors.BrokenPipe,
    ],
    what: "The peer at {there} reset the connection (RST)",
    next: "it crashed, or refused what was sent; look at its log",
  },
  {
    errors: [errors.TimedOut],
    what: "No answer from {there}, the system gave up waiting",
    next: "check the address, the host may be down or behind a firewall",
  },
  {
    errors: [errors.AddrInUse],
    what: "Port {port} is already taken",
    next:
      "choose another (0 picks a free one), or stop the program that has it",
  },
  {
    errors: ["EADDRNOTAVAIL"],
    what: "{host} cannot be used from this machine",
    next: "check the address; a server listens on one of the machine's own, " +
      "such as 127.0.0.1",
  },
  {
    errors: ["EAFNOSUPPORT"],
    what: "This machine has no addresses of the kind of {host}",
    next: "use IPv4, as in 127.0.0.1",
  },
  {
    errors: ["EHOSTUNREACH", "ENETUNREACH"],
    what: "There is no route to {host} (unreachable)",
    next: "check the address and this machine's network",
  },
  {
    errors: [URIError, LOOKUP_FAILED],
    what: "Unknown host {quotedHost}",
    next: "check the spelling, or use the address",
  },
  {
    errors: ["EMFILE", "ENFILE"],
    what: "Too many open files",
    next: "raise the limit (ulimit -n), or lower --concurrency",
  },
  {
    errors: ["EINVAL"],
    doing: ["connect", "listen"],
    what: "{quotedHost} cannot be used as an address here",
    next:
      "check it (a link-local IPv6 address needs its zone, as in fe80::1%2)",
  },
  {
    errors: ["EACCES", errors.PermissionDenied],
    doing: ["listen"],
    what: "The system does not allow it ({message})",
    next: "choose a port from 1024 up",
  },
  {
    errors: ["EACCES", errors.PermissionDenied],
    doing: ["connect"],
    what: "The system does not allow it ({message})",
    next: "a firewall may forbid it, or it is no address of one host",
  },
  {
    errors: [SYSTEM_ERROR],
    doing: ["connect", "listen"],
    what: "{there} cannot be used ({message})",
    next: "check the address and this machine's network",
  },
  {
    errors: ["EACCES", errors.PermissionDenied],
    what: "The system does not allow it ({message})",
    next: "look at who owns it, or choose another place",
  },
  {
    errors: ["ENOENT"],
    what: "There is no {path}, or no folder for it",
    next: "check the path",
  },
  {
    errors: [errors.NotADirectory, "EISDIR", "ENOTDIR", "EEXIST", "ELOOP"],
    what: "A file or folder is not what it should be ({message})",
    next: "check the path",
  },
  {
    errors: ["ENAMETOOLONG"],
    what: "The file system takes no name as long as that",
    next: "choose another --output",
  },
  {
    errors: ["ENOSPC"],
    what: "There is no space left to write to",
    next: "free some, or write elsewhere",
  },
  {
    errors: [SYSTEM_ERROR],
    what: "The system could not do it ({message})",
    next: "look at the disk and its limits, or choose another place",
  },
  { errors: [Error], what: "{name}: {message}", next: null },
];
