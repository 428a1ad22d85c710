import { delay } from "@std/async/delay";
import {
  formatServerLine,
  parseClientLine,
  type Refusal,
  type ServerLine,
} from "../../protocol/messages.ts";
import {
  type Connection,
  Deadline,
  endReason,
  formatEndpoint,
  LineTooLongError,
  UnexpectedEndError,
} from "../../protocol/transport/mod.ts";
import type { Handler } from "../clients.ts";
import { refusedConnections } from "../connection_counts.ts";
import type { Log } from "../log.ts";
import type { Logins } from "../logins.ts";
import type { Metrics } from "../metrics.ts";
import { enter } from "./entrance.ts";
import type { MessageHub } from "./hub.ts";
import { Outbox } from "./outbox.ts";

export { LINGER_MS } from "./outbox.ts";

export interface MessageOptions {
  /** How many clients to serve at once; one more is refused. */
  maxClients?: number;
  /** Dismisses a client with more unread bytes than this. */
  queueBytes?: number;
  /** Lines that one client may send in a second; 0: no limit. */
  linesPerSecond?: number;
  /** Dismisses a client that sent no line for this long, in ms; 0: never. */
  idleTimeoutMs?: number;
  /** Lets in only who logs in, under the name of the login. */
  logins?: Logins | undefined;
  log?: Log;
  metrics?: Metrics | undefined;
}

/** Lets clients into the room of `hub`. */
export function messageHandler(
  hub: MessageHub,
  options: MessageOptions = {},
): Handler {
  const { maxClients = 10_000, log = () => {}, logins, metrics } = options;
  let strangers = 0;
  let turnedAway = 0;
  metrics?.add(() => [...hub.metrics(), refusedConnections(turnedAway)]);
  if (logins) metrics?.add(() => logins.metrics());
  return async (conn, { signal }) => {
    if (signal.aborted) return await sayAndClose(conn, { type: "shutdown" });
    if (hub.size + strangers >= maxClients) {
      const peer = formatEndpoint(conn.remoteAddr);
      log({ event: "refuse", peer, reason: "full" });
      turnedAway++;
      return await sayAndClose(conn, refused({ type: "full" }));
    }
    let name: string | undefined;
    if (logins) {
      strangers++;
      const entering = enter(conn, logins, signal);
      const entered = await entering.finally(() => strangers--);
      if (entered === null) return;
      name = entered;
    }
    await converse(hub, conn, { ...options, name }, signal);
  };
}

/**
 * Serves one client from its first line to its last. A dismissed client may
 * send more for a moment. That is read but ignored: closing with unread input
 * would turn our FIN into RST.
 */
async function converse(
  hub: MessageHub,
  conn: Connection,
  { queueBytes = 2 ** 20, linesPerSecond = 0, idleTimeoutMs = 0, name }:
    & MessageOptions
    & { name?: string | undefined },
  signal: AbortSignal,
): Promise<void> {
  // Adding the same function again adds no second listener.
  signal.addEventListener("abort", hub.stop);
  conn.setNoDelay();
  conn.setKeepAlive(); // A vanished peer would keep its nickname.
  const outbox = new Outbox(conn, queueBytes);
  const client = hub.join(outbox, formatEndpoint(conn.remoteAddr), name);
  /** What ended it too early. */
  let failure: unknown = null;
  const idle = idleClock(idleTimeoutMs, (reason) => {
    failure = reason;
    const refusal = { type: "idle", idleMs: idleTimeoutMs } as const;
    hub.dismiss(client, "idle", refused(refusal));
  });
  const limit = linesPerSecond > 0 ? new FloodLimit(linesPerSecond) : null;
  try {
    for (;;) {
      try {
        const line = await conn.readLine();
        if (line === null) break;
        const undecided = hub.hear(client, parseClientLine(line));
        if (undecided) {
          idle?.stop(); // The others take their time, not the client.
          await undecided;
        }
      } catch (error) {
        // An unfinished line is ignored. The end of input is no error.
        if (error instanceof UnexpectedEndError) break;
        if (!(error instanceof LineTooLongError)) throw error;
        hub.hear(client, { type: "too-long" });
      }
      idle?.stop(); // The pauses below are ours.
      while (hub.busy) await hub.busy;
      if (limit) {
        await pause(limit.next(), signal);
        // After a RST, its buffered lines must not keep it here.
        conn.closing.throwIfAborted();
      }
      idle?.renew();
    }
    // It has only sent FIN: what is queued for it still goes out.
    hub.dismiss(client, "closed");
    await outbox.ended;
  } catch (error) {
    hub.leave(client, endReason(error));
    failure ??= error;
  } finally {
    outbox[Symbol.dispose]();
    idle?.[Symbol.dispose]();
  }
  signal.throwIfAborted();
  if (failure !== null) throw failure;
}

function idleClock(
  idleTimeoutMs: number,
  onIdle: (reason: unknown) => void,
): Deadline | null {
  if (idleTimeoutMs === 0) return null;
  const clock = new Deadline("idle", idleTimeoutMs);
  const { signal } = clock;
  signal.addEventListener("abort", () => onIdle(signal.reason));
  return clock;
}

/** Waits `ms`, or until the server stops. */
async function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (ms > 0) await delay(ms, { signal }).catch(() => {});
}

async function sayAndClose(conn: Connection, line: ServerLine): Promise<void> {
  const text = `${formatServerLine(line)}\r\n`;
  await conn.write(new TextEncoder().encode(text));
  await conn.closeInOrder();
}

function refused(refusal: Refusal): ServerLine {
  return { type: "refused", refusal };
}

/**
 * Limits the lines per second, and bursts to the same number. No line is lost:
 * `next()` says how long to wait before reading on, and TCP's window then stops
 * the sender.
 */
export class FloodLimit {
  readonly #linesPerSecond: number;
  readonly #now: () => number;
  /** When the last line so far would be due, evenly spaced. */
  #throughMs = -Infinity;

  /** `now` is a clock in ms. */
  constructor(linesPerSecond: number, now = () => performance.now()) {
    this.#linesPerSecond = linesPerSecond;
    this.#now = now;
  }

  /** Counts one line and returns the wait before the next, in ms. */
  next(): number {
    const now = this.#now();
    // After a second of silence, a second's lines may come at once.
    const spacingMs = 1000 / this.#linesPerSecond;
    this.#throughMs = Math.max(this.#throughMs, now - 1000 + spacingMs) +
      spacingMs;
    return Math.max(0, this.#throughMs - now);
  }
}
