/**
 * One program may run so long before everything else gets its turn, in ms. So
 * short because the runtime looks for what has come on other sockets only every
 * 61 turns, as long as it has something to do: with 2 ms it took 120 of them
 * until another client was heard.
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
 * Null while there is time; else the next turn, to be waited for. A read whose
 * bytes are there already is fulfilled without a turn of the event loop: a peer
 * that always has more would be served for ever, and nobody else.
 */
export function turnIfDue(): Promise<void> | null {
  return performance.now() - turnMs < MAX_RUN_MS ? null : nextTurn();
}
