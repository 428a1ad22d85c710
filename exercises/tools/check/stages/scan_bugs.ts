import type { Signatures } from "../signatures.ts";

/** How the bugs of a port scanner show. */
export const scanBugs = {
  "misses-ports": {
    shows: {
      "one-open": ["missing"],
      "first-and-last": ["missing"],
      "many-open": ["missing"],
      "many-closed": ["missing", "short"],
    },
    may: { "silent-port": ["missing"] },
  },
  "wrong-verdict": {
    shows: {
      "one-open": ["wrong"],
      "first-and-last": ["wrong"],
      "none-open": ["wrong"],
      "many-open": ["wrong"],
      "silent-port": ["wrong"],
      "many-closed": ["wrong"],
    },
  },
  "no-clock": { fails: { "silent-port": ["never-exits"] } },
  "leaks-descriptors": {
    fails: { "many-closed": ["exhausted", "short", "wrong"] },
    passes: ["one-open", "first-and-last", "many-open"],
  },
  "unflushed": {
    fails: {
      "one-open": ["silent"],
      "first-and-last": ["silent"],
      "many-open": ["silent"],
    },
    may: { "silent-port": ["silent"], "many-closed": ["silent"] },
    unsure: true,
  },
} satisfies Signatures;
