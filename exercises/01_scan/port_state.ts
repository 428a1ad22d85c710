import {
  type Connect,
  isReset,
  TimeoutError,
} from "../../protocol/transport/mod.ts";

export interface PortResult {
  port: number;
  state: "open" | "closed" | "filtered";
  /** Why we say so, in words. */
  reason: string;
  /** Time from SYN to the answer, in ms; only of a connection that stood. */
  rttMs?: number;
}

export interface ScanOptions {
  /** How long one SYN may go without an answer, in ms; 0: as long as it takes. */
  timeoutMs?: number;
  /** How many ports are tried at once. */
  concurrency?: number;
  /** Ends the scan; what is known by then is returned. */
  signal?: AbortSignal | undefined;
  /** Told after each port: what came before a failure is known, too. */
  onResult?: (result: PortResult) => void;
  connect?: Connect;
}

/** A closed port, as by far the most are. */
export const REFUSED = {
  state: "closed",
  reason: "connection refused",
} as const;

/** The answers that have better words than the system's own. */
const NO_WAY_THROUGH: Record<string, string> = {
  EHOSTUNREACH: "host unreachable",
  ENETUNREACH: "network unreachable",
  ETIMEDOUT: "the system gave up waiting",
  EACCES: "prohibited on the way",
  EINVAL: "no usable route",
};

/** Our own lack of descriptors, local ports or memory. */
const SHORTAGE = ["EMFILE", "ENFILE", "EAGAIN", "ENOBUFS", "ENOMEM"]
  .concat("EADDRNOTAVAIL", "EADDRINUSE");

const SILENCE = "no answer within";

/** Nothing came, not even a "no". */
export function isSilence({ reason }: PortResult): boolean {
  return reason.startsWith(SILENCE);
}

export function isShortage(error: unknown): boolean {
  return SHORTAGE.includes(codeOf(error));
}

/**
 * What the error of a connect says about the port. Any error of the system's
 * that is not about this machine is filtered, for an ICMP message can become
 * one of a dozen.
 *
 * @throws The error itself when it says nothing about the port: a shortage, a
 * missing permission, the end of the scan.
 */
export function portState(error: unknown): Omit<PortResult, "port"> {
  if (error instanceof Deno.errors.ConnectionRefused) return REFUSED;
  // To a SYN it would have been "refused": this RST came behind a SYN ACK.
  if (isReset(error)) return { state: "open", reason: "reset at once" };
  if (error instanceof TimeoutError) {
    return { state: "filtered", reason: `${SILENCE} ${error.timeoutMs} ms` };
  }
  const reason = NO_WAY_THROUGH[codeOf(error)] ?? systemReason(error);
  if (reason === null || isShortage(error)) throw error;
  return { state: "filtered", reason };
}

/** `Protocol not available (os error 92)`: in words, without the number. */
function systemReason(error: unknown): string | null {
  if (!(error instanceof Error)) return null;
  const words = /^(.+) \(os error \d+\)/.exec(error.message)?.[1];
  return words ? words.charAt(0).toLowerCase() + words.slice(1) : null;
}

function codeOf(error: unknown): string {
  return (error as { code?: string }).code ?? "";
}
