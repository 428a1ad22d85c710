import type { Signatures } from "../signatures.ts";
import { serverBugs } from "./server_stages.ts";

/** How the bugs of a message server show. */
export const msgserverBugs = {
  ...serverBugs,
  "one-client": { fails: { "relays": ["late"] }, may: "any" },
  "serves-once": {
    fails: { "next-client": ["finished", "refused", "reset", "ended"] },
    may: "any",
  },
  "dies-of-client": {
    fails: {
      "after-a-reset": ["died", "refused", "finished", "reset", "silent"],
    },
    may: {
      "leave-by-end": ["died"],
      "leave-by-reset": ["died", "finished"],
      "leave-by-quit": ["died"],
      "after-leavers": ["died", "finished"],
      "unfinished-line": ["died"],
      "slow-reader": ["died", "finished"],
      "next-client": ["died"],
      "few-descriptors": ["died"],
    },
  },
  "unflushed": { fails: { "relays": ["unflushed"] }, may: "any" },
  "one-read": {
    passes: ["relays"],
    fails: { "second-line": ["ended", "reset", "silent"] },
    may: "any",
  },
  "read-is-message": {
    passes: ["second-line"],
    fails: { "cut-line": ["changed"] },
    shows: { "glued-lines": ["changed"] },
    may: {
      "unfinished-line": ["extra"],
      "many-talkers": [],
      "slow-reader": ["missing"],
    },
  },
  "loses-glued": {
    passes: ["second-line", "cut-line"],
    fails: { "glued-lines": ["missing"] },
    may: {
      "many-talkers": ["missing", "wrong"],
      "slow-reader": ["missing"],
    },
  },
  "hears-itself": { fails: { "not-to-itself": ["extra"] } },
  "ignores-end": {
    fails: { "ends-with-us": ["open"] },
    may: {
      "leave-by-end": ["missing"],
      "few-descriptors": [],
    },
  },
  "silent-leave": {
    shows: {
      "leave-by-end": ["missing"],
      "leave-by-reset": ["missing"],
      "leave-by-quit": ["missing"],
    },
  },
  "leaves-twice": {
    shows: {
      "leave-by-end": ["twice"],
      "leave-by-reset": ["twice"],
      "leave-by-quit": ["twice"],
    },
  },
  "forgets-leavers": {
    shows: {
      "after-leavers": ["missing", "silent", "ended", "reset"],
      "after-a-reset": ["missing"],
    },
    may: {
      "next-client": ["silent", "ended", "reset"],
      "few-descriptors": [],
    },
  },
  "sends-unfinished": {
    passes: ["cut-line"],
    fails: { "unfinished-line": ["extra"] },
  },
  "slow-blocks-all": { fails: { "slow-reader": ["late"] } },
  "mixes-lines": {
    passes: ["cut-line", "glued-lines"],
    fails: { "many-talkers": ["mixed"] },
  },
} satisfies Signatures;
