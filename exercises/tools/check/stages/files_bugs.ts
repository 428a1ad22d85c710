import type { Signatures } from "../hints.ts";

/** How the bugs of a file client show. */
export const filesBugs = {
  "one-read": {
    shows: {
      "gets-a-file": ["unflushed"],
      "sliced": ["cut", "missing", "rejects", "unflushed", "ended", "wrong"],
    },
    may: "any",
  },
  "loses-buffered-body": {
    passes: ["gets-a-file", "sliced"],
    fails: {
      "glued": [
        "cut",
        "gap",
        "changed",
        "missing",
        "rejects",
        "never-exits",
        "unflushed",
      ],
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
