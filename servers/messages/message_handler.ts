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
import type { Log } from "../log.ts";
import type { MessageHub } from "./hub.ts";
import { Outbox } from "./outbox.ts";

export interface MessageOptions {
  /** At most so many at once; one more is told so, and let go. */
  maxClients?: number;
  /** Who leaves more than so many bytes unread is told so, and let go. */
  queueBytes?: number;
  /** Lines that one client may send in a second; 0: no limit. */
  linesPerSecond?: number;
  /** Lets go who sent no line for so long, in ms; 0: never. */
  idleTimeoutMs?: number;
  log?: Log;
}

/** Lets clients into the room of `hub`: lines in, lines out. */
export function messageHandler(
  hub: MessageHub,
  options: MessageOptions = {},
): Handler {
  const { maxClients = 10_000, log = () => {} } = options;
  return (conn, { signal }) => {
    if (signal.aborted) return sayAndClose(conn, { type: "shutdown" });
    if (hub.size < maxClients) return converse(hub, conn, options, signal);
    const peer = formatEndpoint(conn.remoteAddr);
    log({ event: "refuse", peer, reason: "full" });
    return sayAndClose(conn, refused({ type: "full" }));
  };
}

/**
 * From the first line to the last of one client. When it was let go, it may go
 * on for a moment: what it says is still read, since closing with unread input
 * would turn our FIN into RST, but it is not heard.
 */
async function converse(
  hub: MessageHub,
  conn: Connection,
  { queueBytes = 2 ** 20, linesPerSecond = 0, idleTimeoutMs = 0 }:
    MessageOptions,
  signal: AbortSignal,
): Promise<void> {
  // The same function once more is no second listener.
  signal.addEventListener("abort", hub.stop);
  conn.setNoDelay();
  conn.setKeepAlive(); // A ghost would keep its nickname.
  const outbox = new Outbox(conn, queueBytes);
  const client = hub.join(outbox, formatEndpoint(conn.remoteAddr));
  const idle = idleClock(idleTimeoutMs, () => {
    const refusal = { type: "idle", idleMs: idleTimeoutMs } as const;
    hub.dismiss(client, "idle", refused(refusal));
  });
  const limit = linesPerSecond > 0 ? new FloodLimit(linesPerSecond) : null;
  try {
    for (;;) {
      try {
        const line = await conn.readLine();
        if (line === null) break;
        hub.hear(client, parseClientLine(line));
      } catch (error) {
        // What has no line end was not said. That the peer ended is no fault.
        if (error instanceof UnexpectedEndError) break;
        if (!(error instanceof LineTooLongError)) throw error;
        hub.hear(client, { type: "too-long" });
      }
      idle?.stop(); // The pauses are ours.
      while (hub.busy) await hub.busy;
      if (limit) {
        await pause(limit.next(), signal);
        // What it said before it was reset would keep it here for as long.
        conn.closing.throwIfAborted();
      }
      idle?.renew();
    }
    // It has ended its side only: what there is to tell it still goes out.
    hub.dismiss(client, "closed");
    await outbox.ended;
  } catch (error) {
    hub.leave(client, endReason(error));
  } finally {
    outbox[Symbol.dispose]();
    idle?.[Symbol.dispose]();
  }
}

function idleClock(
  idleTimeoutMs: number,
  onIdle: () => void,
): Deadline | null {
  if (idleTimeoutMs === 0) return null;
  const clock = new Deadline("idle", idleTimeoutMs);
  clock.signal.addEventListener("abort", onIdle);
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
 * So many lines per second, and no more than that at once. Over it nothing is
 * lost: `next()` says how long to wait before reading on, and TCP's own window
 * then stops the sender.
 */
export class FloodLimit {
  readonly #linesPerSecond: number;
  readonly #now: () => number;
  /** When all lines so far would be through, evenly spaced. */
  #throughMs = -Infinity;

  /** `now` is a clock in ms. */
  constructor(linesPerSecond: number, now = () => performance.now()) {
    this.#linesPerSecond = linesPerSecond;
    this.#now = now;
  }

  /** Counts one line; the wait before the next, in ms. */
  next(): number {
    const now = this.#now();
    // Whoever was silent for a second may say a second's lines at once.
    const spacingMs = 1000 / this.#linesPerSecond;
    this.#throughMs = Math.max(this.#throughMs, now - 1000 + spacingMs) +
      spacingMs;
    return Math.max(0, this.#throughMs - now);
  }
}
