import type { Signatures } from "../hints.ts";

/** How the bugs of an echo client show. */
export const echoBugs = {
  "one-read": {
    passes: ["sends-and-shows"],
    fails: { "sliced": ["missing", "rejects"] },
    may: {
      "cut-character": ["missing", "decoded"],
      "much-input": [],
      "early-end": ["accepts"],
    },
  },
  "read-is-message": {
    passes: ["sends-and-shows"],
    fails: { "sliced": ["mixed"] },
    may: { "cut-character": [], "much-input": [], "early-end": ["accepts"] },
  },
  "decodes-text": {
    passes: ["sends-and-shows", "sliced"],
    fails: { "cut-character": ["decoded", "missing"] },
  },
  "ignores-end": {
    shows: { "ends": ["never-exits"], "early-end": ["never-exits"] },
    may: "any",
  },
  "no-clock": { fails: { "silent-server": ["never-exits"] } },
  "deadlock": {
    fails: { "much-input": ["stuck", "cut", "reset"] },
    shows: { "sends-and-shows": ["unflushed"] },
  },
  "wrong-verdict": {
    shows: { "wrong-answer": ["accepts"], "early-end": ["accepts"] },
  },
  // What it shows, or what it sends, waits in a buffer of the program.
  "unflushed": {
    fails: { "sends-and-shows": ["unflushed", "late", "silent"] },
    may: {
      "ends": ["silent"],
      "sliced": ["silent", "missing"],
      "cut-character": ["silent", "missing"],
      "wrong-answer": ["silent"],
      "early-end": ["silent"],
      "silent-server": [],
      "much-input": ["silent", "short"],
    },
    // It may send nothing at all.
    unsure: ["silent"],
  },
} satisfies Signatures;
