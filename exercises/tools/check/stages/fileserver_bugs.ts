import type { Signatures } from "../signatures.ts";
import { serverBugs } from "./server_stages.ts";

/** How the bugs of a file server show. */
export const fileserverBugs = {
  ...serverBugs,
  "unflushed": { fails: { "get": ["unflushed"] }, may: "any" },
  "one-read": {
    passes: ["get"],
    shows: {
      "sliced": ["wrong", "ended", "cut", "reset", "silent"],
      "next-command": ["ended", "reset", "silent"],
    },
    may: {
      "glued": [],
      "ready-and-next": [],
      "not-ready": ["ended", "reset", "silent"],
      "empty-file": ["ended", "reset", "silent"],
      "error": ["ended", "reset", "silent"],
      "after-a-reset": [],
      "few-descriptors": [],
    },
  },
  "loses-glued": {
    passes: ["next-command", "sliced"],
    shows: {
      "glued": ["silent", "ended", "reset", "wrong"],
      "ready-and-next": ["silent", "ended", "reset", "wrong"],
    },
  },
  "stops-at-nul": { fails: { "every-byte": ["nul"] } },
  "size-in-characters": {
    fails: { "size-in-bytes": ["wrong"] },
    may: { "list": [], "every-byte": [] },
  },
  "splits-at-spaces": {
    passes: ["get"],
    fails: { "name-with-spaces": ["wrong", "ended", "reset"] },
    may: { "list": [] },
  },
  "extra-bytes": {
    passes: ["get"],
    fails: { "next-command": ["extra"] },
    may: {
      "empty-file": ["extra"],
      "glued": ["extra"],
      "ready-and-next": ["extra"],
      "ends-with-us": ["extra"],
    },
  },
  "leaves-folder": { fails: { "nothing-outside": ["outside"] } },
  "closes-on-error": {
    passes: ["next-command"],
    fails: { "error": ["ended", "reset"] },
    may: { "not-ready": ["ended", "reset"], "after-a-reset": [] },
  },
  "partial-write": {
    passes: ["get"],
    fails: { "big-file": ["gap", "cut", "short", "reset"] },
  },
  "ignores-end": {
    fails: { "ends-with-us": ["open"] },
    may: {
      "next-client": ["silent"],
      "few-descriptors": [],
      "two-at-once": [],
      "after-a-reset": [],
    },
  },
} satisfies Signatures;
