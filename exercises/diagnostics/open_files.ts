import { ExerciseError } from "../terminal/exercise_error.ts";
import type { Check } from "./check.ts";

/** A server here takes 1,000 connections at once, and needs a few files. */
const WANTED = 1024;

/**
 * Whether the system lets this process have enough connections at once. Each
 * is an open file to the system, and a listener is one too. Tried, not read:
 * the limit stands in /proc/self/limits, which Deno shows only with
 * --allow-all, and there is no such file but on Linux.
 */
export const openFiles: Check = {
  name: "open files",
  needs: [{ name: "net", host: "127.0.0.1" }],
  otherwise: "warning",
  run: () => {
    const count = countListeners(WANTED);
    if (count < WANTED) {
      throw new ExerciseError(
        `Only ${count} more can be open at once: ` +
          "raise the limit (ulimit -n 4096), or serve and scan with fewer " +
          "(--max-connections, --concurrency)",
      );
    }
    return `${count} more can be open at once`;
  },
};

/**
 * How many listeners can be open at once, up to `wanted`. Nothing else happens
 * in this process in the meantime, so that nothing else runs short.
 */
function countListeners(wanted: number): number {
  const listeners: Deno.Listener[] = [];
  try {
    while (listeners.length < wanted) {
      listeners.push(Deno.listen({ hostname: "127.0.0.1", port: 0 }));
    }
  } catch (error) {
    const { code } = error as { code?: string };
    if (code !== "EMFILE" && code !== "ENFILE") throw error;
  } finally {
    for (const listener of listeners) listener.close();
  }
  return listeners.length;
}
