/** What a stage of `check` is, and what can be found wrong in one. */

/**
 * What was seen in place of what had to come. Stages find them, and the tables
 * of bugs say which bug shows which of them where.
 */
export const SYMPTOMS = [
  // Bytes that did not come as they had to.
  "silent", // Nothing came, and the connection is open.
  "short", // The beginning came, then nothing, and the connection is open.
  "ended", // FIN, and nothing before it.
  "cut", // The beginning came, then FIN.
  "reset", // RST in place of what had to come.
  "changed", // It differs at a byte.
  "extra", // All of it came, and more.
  "unasked", // Something came before it was asked for.
  "open", // All of it came, and no FIN after it.
  // Of what is "changed", "short" or "extra", what a stage knows better.
  "line-end", // Only line ends differ.
  "nul", // It stops at the byte 00.
  "decoded", // Bytes came back as another character: U+FFFD, or as Latin-1.
  "old-bytes", // Bytes of an earlier message, or 00, come after it.
  "gap", // Bytes are missing in the middle.
  "unanswered", // No answer came, and what was said after it was dealt with.
  "late", // It came only after FIN, or after another client had left.
  // The program.
  "refused", // It takes no connection any more, and is alive.
  "gone", // So does one that somebody else has started: it may have ended.
  "died", // It ended by itself, with an exit code or a signal.
  "finished", // It ended by itself, with exit code 0.
  "elsewhere", // It listens, but not where it was told.
  "in-use", // Started again, it cannot have its port.
  "never-exits", // It does not end.
  "accepts", // It ended as if all were well, and it is not.
  "rejects", // It says that something is wrong, and nothing is.
  "exhausted", // It has no descriptors left; with more of them it is right.
  "unflushed", // Its words came only when it ended.
  // What it shows, writes or tells.
  "empty", // The file is there, and nothing in it.
  "missing", // Something is not there.
  "twice", // Something is there more than once.
  "wrong", // It is there, and not what it must be.
  "mixed", // One thing stands inside another.
  "escapes", // Escape sequences reached the terminal.
  "outside", // A file outside of the folder was read or written.
  "stuck", // Nothing moves any more, in either direction.
] as const;

export type Symptom = (typeof SYMPTOMS)[number];

/**
 * Those that only the clock can tell: a slow machine looks the same; to the
 * program, too, which may have a clock of its own.
 */
const TIMED: ReadonlySet<Symptom> = new Set<Symptom>([
  "silent",
  "short",
  "open",
  "late",
  "never-exits",
  "missing",
  "stuck",
  "rejects",
  "ended",
]);

export function isTimed(symptom: Symptom): boolean {
  return TIMED.has(symptom);
}

/** What had to come and what came, from the byte `at` on. */
export interface Evidence {
  /** The first byte that differs, counted from what the stage asked for. */
  at: number;
  expected: Uint8Array;
  actual: Uint8Array;
  /** How the connection was left. */
  end: "fin" | "rst" | "open";
}

/** The program under test does not do what the stage asks of it. */
export class Failure extends Error {
  override name = "Failure";

  constructor(
    readonly symptom: Symptom,
    readonly evidence: Evidence | null = null,
    /** What the program printed, or how it ended, where that tells more. */
    readonly detail = "",
  ) {
    super(symptom);
  }
}

/** Why a stage cannot be run. */
export type SkipReason =
  | "attached" // It starts the program, or looks at it from within.
  | "folder" // It needs a folder of ours.
  | "shell" // It needs a shell that sets a limit.
  | "elsewhere" // The program does not listen where it is looked for.
  | "unoffered" // It is an extension, and the program does not offer it.
  | "tls" // The program speaks TLS, and the stage does not.
  | "unseen"; // It looks at what the program prints.

/** The stage cannot be run here. */
export class Skip extends Error {
  override name = "Skip";

  constructor(readonly reason: SkipReason) {
    super(reason);
  }
}

/** One thing that is asked of a program. `S` is how a stage reaches it. */
export interface Stage<S> {
  /** One line: what a right program does. */
  title: string;
  /** What it is worth; 0 for a bonus, which costs nobody a point. */
  points: number;
  /**
   * It waits for the program's own clock: it runs beside the others, with a
   * process of its own, and needs one that `check` has started.
   */
  slow?: true;
  /** @throws {Failure} What was seen in place of what had to be. */
  run: (subject: S) => Promise<void>;
}

/** The stages of a role by their names, in the order in which they run. */
export type Stages<S> = Record<string, Stage<S>>;
