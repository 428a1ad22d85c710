import { setImmediate } from "node:timers";
import { delay } from "@std/async/delay";
import type { Outbox } from "./outbox.ts";

/** Who can be told something. */
export interface Recipient {
  readonly outbox: Outbox;
}

/** The event loop does about so many reads and writes in one turn. */
export const WRITES_PER_TURN = 100;

const MAX_WAITS = 10;

/** Fulfilled in the event loop's next turn. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/**
 * Fulfilled when the event loop has had the time for the writes just begun:
 * where many clients come at once it has other things to do, too. What a few
 * leave undone is not for want of time, and is not waited for.
 */
export async function writesDone(to: readonly Recipient[]): Promise<void> {
  await nextTurn();
  for (let waits = 0; waits < MAX_WAITS; waits++) {
    const writing = to.filter(({ outbox }) => outbox.queuedBytes > 0);
    if (writing.length < to.length / 2) return;
    await delay(1);
  }
}
