import { delay } from "@std/async/delay";
import { TimeoutError } from "../../protocol/transport/deadline.ts";
import type { Connect } from "../../protocol/transport/socket.ts";
import { isReset } from "../../protocol/transport/end_reason.ts";

export interface PortResult {
  port: number;
  state: "open" | "closed" | "filtered";
  /** Why we say so, in words. */
  reason: string;
  /** Time from SYN to the answer, in ms; only of a connection that stood. */
  rttMs?: number;
}

export interface ScanOptions {
  /** How long one port may take to answer, in ms; 0: as long as it takes. */
  timeoutMs?: number;
  /** How many ports are tried at once. */
  concurrency?: number;
  /** Ends the scan; what is known by then is returned. */
  signal?: AbortSignal | undefined;
  /** Told after each port. */
  onResult?: (result: PortResult) => void;
  connect?: Connect;
}

/** A closed port, as by far the most are. */
export const REFUSED = {
  state: "closed",
  reason: "connection refused",
} as const;

/** What routers and firewalls on the way answer: nothing about the port. */
const NO_WAY_THROUGH: Record<string, string> = {
  EHOSTUNREACH: "host unreachable",
  ENETUNREACH: "network unreachable",
  ETIMEDOUT: "the system gave up waiting",
  EACCES: "prohibited on the way",
};

/** Our own lack of descriptors, local ports or memory. */
const SHORTAGE = ["EMFILE", "ENFILE", "EADDRNOTAVAIL", "ENOBUFS", "ENOMEM"];
const SHORTAGE_WAIT_MS = 50;
const SHORTAGE_LIMIT_MS = 5000;

/**
 * What the error of a connect says about the port.
 *
 * @throws The error itself when it says nothing about it.
 */
export function portState(error: unknown): Omit<PortResult, "port"> {
  if (error instanceof Deno.errors.ConnectionRefused) {
    return REFUSED;
  }
  // To a SYN it would have been "refused": this RST came behind a SYN ACK.
  if (isReset(error)) return { state: "open", reason: "reset at once" };
  if (error instanceof TimeoutError) {
    return {
      state: "filtered",
      reason: `no answer within ${error.timeoutMs} ms`,
    };
  }
  const reason = NO_WAY_THROUGH[codeOf(error)];
  if (reason === undefined) throw error;
  return { state: "filtered", reason };
}

/**
 * What to do when this machine itself is short of something: wait a little and
 * try again, for that passes, and is never the state of a port.
 */
export class Patience {
  #progress = 0;
  #seenProgress = -1;
  #stuckSinceMs = 0;

  /** An attempt has succeeded. */
  note(): void {
    this.#progress++;
  }

  /**
   * Waits before the next attempt.
   *
   * @throws `error` itself when it is no shortage, or when for five seconds
   * none of those that share this patience has succeeded.
   */
  async wait(error: unknown): Promise<void> {
    const now = performance.now();
    if (this.#progress !== this.#seenProgress) {
      this.#seenProgress = this.#progress;
      this.#stuckSinceMs = now;
    }
    const stuckMs = now - this.#stuckSinceMs;
    if (!SHORTAGE.includes(codeOf(error)) || stuckMs > SHORTAGE_LIMIT_MS) {
      throw error;
    }
    await delay(SHORTAGE_WAIT_MS);
  }
}

function codeOf(error: unknown): string {
  return (error as { code?: string }).code ?? "";
}
