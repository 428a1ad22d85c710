import type { Signatures } from "../signatures.ts";
import type { Signature } from "../signatures.ts";

/** What fails for no reason of its own when lines are not shown. */
const NOT_SHOWN: Signature["may"] = {
  "second-line": ["missing"],
  "glued-lines": ["missing"],
  "cut-line": ["missing", "mixed"],
  "cut-character": ["missing", "mixed", "decoded"],
  "escape-sequences": ["missing"],
  "server-ends": [],
};

/** How the bugs of a chat client show. */
export const chatBugs = {
  "one-read": {
    fails: { "second-line": ["missing"] },
    // It is the welcome that it has read, or what came next.
    shows: { "shows-while-silent": ["short"] },
    may: { ...NOT_SHOWN, "sends-what-is-typed": ["silent"] },
  },
  "read-is-message": {
    passes: ["shows-while-silent", "second-line"],
    shows: { "cut-line": ["mixed", "missing"], "glued-lines": ["missing"] },
    may: { "cut-character": ["decoded", "missing", "mixed"] },
  },
  "decodes-text": {
    passes: ["shows-while-silent", "second-line", "glued-lines"],
    fails: { "cut-character": ["decoded", "missing"] },
  },
  "blocks-on-keyboard": {
    fails: { "shows-while-silent": ["late"] },
    may: { ...NOT_SHOWN, "sends-what-is-typed": ["silent"] },
  },
  "no-line-end": { fails: { "sends-what-is-typed": ["line-end"] } },
  "trusts-peer-text": { fails: { "escape-sequences": ["escapes"] } },
  "ignores-end": { fails: { "server-ends": ["never-exits"] } },
  "unflushed": {
    shows: {
      "shows-while-silent": ["unflushed"],
      "sends-what-is-typed": ["unflushed"],
    },
    may: NOT_SHOWN,
  },
} satisfies Signatures;
