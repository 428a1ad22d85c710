import type { Signatures } from "../hints.ts";
import type { Symptom } from "../stage.ts";

/** What comes of bytes of the file that were lost. */
const LOST: Symptom[] = [
  "cut",
  "gap",
  "changed",
  "missing",
  "rejects",
  "never-exits",
  "unflushed",
];

/** How the bugs of a file client show. */
export const filesBugs = {
  "one-read": {
    shows: {
      "gets-a-file": ["unflushed"],
      "sliced": ["cut", "missing", "rejects", "unflushed", "ended", "wrong"],
    },
    // What is lost in a buffer is missing there, too.
    may: {
      "every-byte": [],
      "name-with-spaces": [],
      "glued": LOST.filter((symptom) => symptom !== "unflushed"),
      "stops-at-size": [],
      "early-end": [],
      "error": [],
      "nothing-outside": [],
    },
  },
  "loses-buffered-body": {
    passes: ["gets-a-file", "sliced"],
    fails: {
      "glued": LOST,
    },
  },
  "ignores-end": {
    shows: {
      "early-end": ["never-exits"],
      "gets-a-file": ["never-exits"],
    },
    may: "any",
  },
  "splits-at-spaces": {
    passes: ["gets-a-file"],
    fails: { "name-with-spaces": [] },
  },
  "leaves-folder": { fails: { "nothing-outside": ["outside"] } },
  "accepts-short": { fails: { "early-end": ["accepts"] } },
  "reads-past-size": { fails: { "stops-at-size": ["extra"] }, may: "any" },
  // A client that waits for a greeting is as silent.
  "unflushed": {
    fails: {
      "gets-a-file": ["unflushed", "silent"],
      "glued": ["unflushed", "silent"],
    },
    may: "any",
    unsure: true,
  },
} satisfies Signatures;
