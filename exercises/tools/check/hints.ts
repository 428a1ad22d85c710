import type { Signature } from "./stage.ts";
import type { hintsEn } from "./hints_en.ts";

/** Each has a hint in every language. */
export type BugId = keyof typeof hintsEn;

/** How the bugs of a role show, by their ids. */
export type Signatures = { readonly [id in BugId]?: Signature };
