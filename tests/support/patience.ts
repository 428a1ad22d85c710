/** Real ones, also in a test with a time of its own. */
const { setTimeout, clearTimeout } = globalThis;

/** No program in a test takes so long, however slow the machine is. */
const PROGRAM_PATIENCE_MS = 120_000;

/**
 * Kills `child` when it does not end: then its output does, and a test that
 * waits for a line or for an exit code fails in place of waiting for ever.
 */
export function killInTheEnd(
  child: Deno.ChildProcess,
  command: string,
  onKill = () => {},
): Deno.ChildProcess {
  const timer = setTimeout(() => {
    console.error(`Killed, since it did not end: ${command}`);
    child.kill("SIGKILL");
    onKill();
  }, PROGRAM_PATIENCE_MS);
  void child.status.then(() => clearTimeout(timer));
  return child;
}
