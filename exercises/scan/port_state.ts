import { delay } from "@std/async/delay";
import { TimeoutError } from "../../servers/timeout_error.ts";

export interface PortResult {
  port: number;
  state: "open" | "closed" | "filtered";
  /** Why we say so, in words. */
  reason: string;
  /** Time from SYN to the answer, in ms; only when one came. */
  rttMs?: number;
}

export interface ScanOptions {
  /** How long one port may take to answer, in ms. */
  timeoutMs?: number;
  /** How many ports are tried at once. */
  concurrency?: number;
  /** Ends the scan; what is known by then is returned. */
  signal?: AbortSignal | undefined;
  /** Told after each port. */
  onResult?: (result: PortResult) => void;
  connect?: typeof Deno.connect;
}

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
    return { state: "closed", reason: "connection refused" };
  }
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

/** Waits while this machine is short of something: that passes. */
export class Patience {
  #lastSuccessMs = performance.now();

  /**
   * Runs `probe` again for as long as it fails of a shortage, which is never
   * the state of a port. Gives up when none of those that share this patience
   * has succeeded for five seconds.
   */
  async outlast<T>(probe: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        const result = await probe();
        this.#lastSuccessMs = performance.now();
        return result;
      } catch (error) {
        const waitedMs = performance.now() - this.#lastSuccessMs;
        const short = SHORTAGE.includes(codeOf(error));
        if (!short || waitedMs > SHORTAGE_LIMIT_MS) throw error;
      }
      await delay(SHORTAGE_WAIT_MS);
    }
  }
}

function codeOf(error: unknown): string {
  return (error as { code?: string }).code ?? "";
}
