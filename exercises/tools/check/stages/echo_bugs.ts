import type { Signatures } from "../signatures.ts";

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
    may: {
      "sends-and-shows": ["unflushed"],
      "sliced": ["never-exits"],
      "cut-character": ["never-exits"],
      "wrong-answer": ["never-exits"],
      "much-input": ["never-exits", "stuck", "short"],
      "silent-server": ["never-exits"],
    },
  },
  "no-clock": { fails: { "silent-server": ["never-exits"] } },
  "deadlock": {
    fails: { "much-input": ["stuck"] },
    may: { "sends-and-shows": ["unflushed"] },
  },
  "wrong-verdict": {
    shows: { "wrong-answer": ["accepts"], "early-end": ["accepts"] },
  },
  "unflushed": {
    fails: { "sends-and-shows": ["unflushed", "late"] },
    may: {
      "ends": [],
      "sliced": ["silent", "ended", "missing"],
      "cut-character": ["silent", "ended", "missing"],
      "wrong-answer": ["silent", "ended"],
      "early-end": ["silent", "ended"],
      "much-input": ["short", "cut"],
      "silent-server": ["never-exits"],
    },
    // It may send nothing at all.
    unsure: ["silent"],
  },
} satisfies Signatures;
