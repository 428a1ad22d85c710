import type { hintsEn } from "./hints_en.ts";
import type { Symptom } from "./stage.ts";

/** Stages, each with what is seen in it; none named: whatever is seen. */
type Seen = Readonly<Record<string, readonly Symptom[]>>;

/** How a bug shows. */
export interface Signature {
  /** Stages that always fail of it. */
  fails?: Seen;
  /** Stages that often fail of it, and then are a sign of it as well. */
  shows?: Seen;
  /** Stages that pass though it is there: if one fails, it is not this, or not only. */
  passes?: readonly string[];
  /** Stages that can fail in its wake, and say nothing about it. */
  may?: Seen | "any";
  /**
   * What is no bug of the list looks the same: it is never named for sure, or
   * not where these symptoms are all its signs.
   */
  unsure?: true | readonly Symptom[];
}

/** Each has a hint in every language. */
export type BugId = keyof typeof hintsEn;

/** How the bugs of a role show, by their ids. */
export type Signatures = { readonly [id in BugId]?: Signature };
