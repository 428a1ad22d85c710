/**
 * How long one task may run before everything else gets a turn, in ms. It is
 * this short because a busy runtime polls other sockets only every 61 turns:
 * with 2 ms, another client waited 120 ms to be served.
 */
const MAX_RUN_MS = 0.25;

let turnMs = 0;
let turn: Promise<void> | null = null;

/** Fulfilled in the event loop's next turn. */
export function nextTurn(): Promise<void> {
  return turn ??= new Promise((resolve) =>
    setImmediate(() => {
      turn = null;
      turnMs = performance.now();
      resolve();
    })
  );
}

/**
 * Null while there is time; otherwise a promise of the next turn, to await. A
 * read of data that has already arrived resolves without a turn of the event
 * loop, so a peer that always sends more would starve the others.
 */
export function turnIfDue(): Promise<void> | null {
  return performance.now() - turnMs < MAX_RUN_MS ? null : nextTurn();
}
