import { quote } from "../../protocol/text.ts";

/** It worked; or a server that was told to stop has stopped in order. */
export const EXIT_OK = 0;
/** The network, the peer or a verification failed. */
export const EXIT_FAILED = 1;
/** Wrong words on the command line. */
export const EXIT_USAGE = 2;
/** A client was interrupted: 128 + SIGINT, as shells count. */
export const EXIT_INTERRUPTED = 130;

/**
 * A failure that an exercise explains itself: the message is the sentence for
 * the person, with the next step.
 */
export class ExerciseError extends Error {
  override name = "ExerciseError";
}

/** Wrong words on the command line: one line on stderr, exit code 2. */
export class UsageError extends Error {
  override name = "UsageError";
}

/** @throws {UsageError} Always: `text` is not what is `expected`. */
export function refuse(expected: string, text: string): never {
  throw new UsageError(`Expected ${expected}, got ${quote(text)}`);
}
