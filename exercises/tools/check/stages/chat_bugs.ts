import type { Signatures } from "../hints.ts";

/** How the bugs of a chat client show. */
export const chatBugs = {
  "one-read": {
    passes: ["shows-while-silent"],
    fails: { "second-line": ["missing"] },
    may: "any",
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
    may: "any",
  },
  "no-line-end": { fails: { "sends-what-is-typed": ["line-end"] } },
  "trusts-peer-text": { fails: { "escape-sequences": ["escapes"] } },
  "ignores-end": { fails: { "server-ends": ["never-exits"] } },
  "unflushed": { fails: { "shows-while-silent": ["unflushed"] }, may: "any" },
} satisfies Signatures;
