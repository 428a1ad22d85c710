import type { SkipReason, Symptom } from "./stage.ts";

/** What a student is told of a bug: what one sees, why, and the mend. */
export interface Hint {
  /** The bug, in one sentence. */
  what: string;
  /** Why it happens, and what one sees of it. */
  why: string;
  /** The mend, in one or two sentences, without code. */
  mend: string;
}

/** Everything that is said to a person, but for the titles of the stages. */
export interface Words {
  status: Record<"passed" | "failed" | "flaky" | "skipped" | "error", string>;
  skipped: Record<SkipReason, string>;
  /** What was seen in place of what had to come. */
  symptoms: Record<Symptom, string>;
  tooSlow: string;
  /** Above the exchange. */
  exchange: string;
  notShown: (events: number) => string;
  expected: string;
  came: string;
  nothing: string;
  /** Where the two differ first. */
  fromByte: (at: number) => string;
  printed: string;
  bug: string;
  confidence: Record<"sure" | "likely", string>;
  because: (failed: string, passed: string) => string;
  seeAbove: string;
  noBug: string;
  again: string;
  startYourClient: string;
  typeThis: string;
  result: (points: number, max: number, seed: string) => string;
  bugs: string;
  notStarted: (how: string) => string;
  stillRuns: string;
}

export const wordsEn: Words = {
  status: {
    passed: "ok",
    failed: "FAIL",
    flaky: "flaky",
    skipped: "skip",
    error: "error",
  },
  skipped: {
    attached: "only for a program that check starts",
    folder: "needs a folder of its own: only for a program that check starts",
    shell: "needs --allow-run=sh",
    elsewhere: "it cannot be reached",
    unoffered: "not offered",
    tls: "it speaks TLS: only the stage tls is asked",
    unseen: "only for a program that check starts: its output cannot be seen",
  },
  symptoms: {
    silent: "nothing came, and the connection stayed open",
    short: "only the beginning came, and the connection stayed open",
    ended: "the program ended the connection (FIN) and had sent nothing",
    cut: "the program ended the connection (FIN) too early",
    reset: "the connection was reset (RST)",
    changed: "other bytes came",
    extra: "more came than should have",
    unasked: "something came that was not asked for",
    open: "the program did not end the connection (FIN)",
    "line-end": "the line ends are different",
    nul: "it stops at the byte 00",
    decoded: "a byte outside ASCII came back as another one",
    "old-bytes": "bytes follow that do not belong to the message",
    gap: "bytes in the middle are missing",
    unanswered: "no answer came, and the program went on",
    late: "it came only after something else had happened",
    refused: "it no longer accepts connections",
    gone: "it can no longer be reached",
    died: "the program ended",
    finished: "the program ended, as if its work were done",
    elsewhere: "it listens somewhere else",
    "in-use": "the program could not be started on the same port again",
    "never-exits": "the program did not end",
    accepts: "the program ended as if all were well",
    rejects: "the program says that something is wrong, and nothing is",
    exhausted: "it has too few descriptors; with more of them it is right",
    unflushed: "its output came only much later",
    empty: "the file is there, and nothing is in it",
    missing: "something is missing",
    twice: "something came twice",
    wrong: "something else came",
    mixed: "one message stands inside another",
    escapes: "escape sequences reached the terminal",
    outside: "a file outside its folder was touched",
    stuck: "nothing moves any more, in either direction",
  },
  tooSlow: "this machine is too slow at the moment: try again",
  exchange: "the exchange, in ms (-> from the client, <- from the server):",
  notShown: (events) => `${events} more`,
  expected: "expected",
  came: "came",
  nothing: "nothing",
  fromByte: (at) => `from byte ${at} on`,
  printed: "it printed:",
  bug: "bug:",
  confidence: { sure: "sure", likely: "likely" },
  because: (failed, passed) =>
    `because ${failed} failed${passed && ` and ${passed} passed`}`,
  seeAbove: "see above",
  noBug: "no bug that is known here explains it for certain",
  again: "again:",
  startYourClient: "Start your client now, for",
  typeThis: "Type this line into it:",
  result: (points, max, seed) => `${points} of ${max} points, seed ${seed}`,
  bugs: "bugs:",
  notStarted: (how) => `The program did not start (${how})`,
  stillRuns: "it runs, and is not there",
};

/** What the languages have in common: they are in the order of `--lang`. */
export const languages = ["en", "es"] as const;

export type Language = (typeof languages)[number];

/** That of the system, as far as we speak it. */
export function systemLanguage(): Language {
  return navigator.language.startsWith("es") ? "es" : "en";
}
