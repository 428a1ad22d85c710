import type { Signature } from "./stage.ts";
import type { hintsEn } from "./hints_en.ts";

/** What a student is told of a bug: what one sees, why, and the mend. */
export interface Hint {
  /** The bug, in one sentence. */
  what: string;
  /** Why it happens, and what one sees of it. */
  why: string;
  /** The mend, in one or two sentences, without code. */
  mend: string;
}

/** Each has a hint in every language. */
export type BugId = keyof typeof hintsEn;

/** How the bugs of a role show, by their ids. */
export type Signatures = { readonly [id in BugId]?: Signature };
