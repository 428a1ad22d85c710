import type { Signatures } from "../signatures.ts";
import type { Symptom } from "../stage.ts";

/** What comes of bytes of the file that were lost. */
const LOST: Symptom[] = [
  "cut",
  "gap",
  "changed",
  "missing",
  "rejects",
  "never-exits",
  "empty",
];

/** Stages in which a whole file is fetched. */
const fetching = (symptoms: Symptom[]) => ({
  "gets-a-file": symptoms,
  "every-byte": symptoms,
  "name-with-spaces": symptoms,
  "sliced": symptoms,
  "glued": symptoms,
  "stops-at-size": symptoms,
});

/** How the bugs of a file client show. */
export const filesBugs = {
  "one-read": {
    shows: {
      "gets-a-file": ["empty"],
      "sliced": [...LOST, "ended", "reset", "wrong"],
    },
    may: {
      "every-byte": LOST,
      "name-with-spaces": LOST,
      // Who loses all in a buffer loses it here, too.
      "glued": LOST.filter((symptom) => symptom !== "empty"),
      "stops-at-size": LOST,
      "early-end": ["accepts", "never-exits"],
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
    may: { ...fetching(["never-exits"]), "error": ["never-exits"] },
  },
  "splits-at-spaces": {
    passes: ["gets-a-file"],
    fails: { "name-with-spaces": [] },
  },
  "leaves-folder": { fails: { "nothing-outside": ["outside"] } },
  "accepts-short": { fails: { "early-end": ["accepts"] } },
  "reads-past-size": {
    fails: { "stops-at-size": ["extra"] },
    // It waits for the end, and whatever comes is the file.
    may: { ...fetching(["extra"]), "early-end": ["accepts"] },
  },
  // A client that waits for a greeting is as silent.
  "unflushed": {
    fails: {
      "gets-a-file": ["unflushed", "silent", "empty"],
      "glued": ["unflushed", "silent", "empty"],
    },
    may: "any",
    unsure: true,
  },
} satisfies Signatures;
