import type { Signatures } from "../signatures.ts";
import { serverBugs } from "./server_stages.ts";

/** How the bugs of an echo server show. */
export const echoserverBugs = {
  ...serverBugs,
  "talks-first": {
    fails: { "answers-a-line": ["unasked"] },
    may: "any",
  },
  "one-read": {
    passes: ["answers-a-line"],
    fails: { "second-line": ["ended", "reset", "silent"] },
    may: {
      "cut-character": ["cut", "reset", "short"],
      "every-byte": ["ended", "reset", "silent"],
      "line-ends": ["cut", "reset", "short"],
      "rest-at-end": [],
      "slow-reader": [],
      "ends-with-us": ["open"],
      "few-descriptors": [],
      "after-a-reset": ["ended", "reset"],
    },
  },
  "waits-for-end": {
    fails: { "answers-a-line": ["late"], "without-newline": ["silent"] },
    may: "any",
  },
  "unflushed": {
    fails: { "answers-a-line": ["unflushed"] },
    may: "any",
  },
  "waits-for-newline": {
    passes: ["answers-a-line", "second-line"],
    fails: { "without-newline": ["silent"] },
    may: { "every-byte": ["silent", "short"] },
  },
  "changes-line-end": {
    shows: {
      "answers-a-line": ["line-end"],
      "second-line": ["line-end"],
      "line-ends": ["line-end"],
      "without-newline": ["line-end"],
    },
    may: {
      "second-line": [],
      "every-byte": [],
      "cut-character": [],
      "rest-at-end": [],
      "slow-reader": [],
    },
  },
  "stops-at-nul": { fails: { "every-byte": ["nul"] } },
  "sends-whole-buffer": {
    fails: { "second-line": ["old-bytes"] },
    shows: { "answers-a-line": ["old-bytes"] },
    may: "any",
  },
  "decodes-text": {
    passes: ["answers-a-line"],
    shows: {
      "every-byte": ["decoded", "ended", "cut", "reset", "silent", "short"],
      "cut-character": ["decoded", "ended", "cut", "reset", "silent", "short"],
    },
    may: { "after-a-reset": [], "few-descriptors": [] },
  },
  "ignores-end": {
    fails: { "ends-with-us": ["open"] },
    may: {
      "rest-at-end": ["open"],
      "slow-reader": ["open"],
      "next-client": ["silent"],
      "few-descriptors": [],
      "two-at-once": [],
      "after-a-reset": [],
    },
  },
  "drops-rest-at-end": {
    passes: ["slow-reader"],
    fails: { "rest-at-end": ["cut", "reset", "ended", "gap"] },
  },
  "partial-write": {
    fails: { "slow-reader": ["gap", "cut", "short"] },
    may: { "rest-at-end": ["gap", "cut", "short"] },
  },
} satisfies Signatures;
