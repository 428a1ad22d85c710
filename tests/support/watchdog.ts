/**
 * Loaded before each file of tests: one that waits for what never comes fails,
 * and the others go on. Every wait is for an event, so that nothing else ends it.
 */
const FILE_PATIENCE_MS = 300_000;

Deno.unrefTimer(setTimeout(() => {
  throw new Error(`These tests did not end within ${FILE_PATIENCE_MS} ms`);
}, FILE_PATIENCE_MS));
