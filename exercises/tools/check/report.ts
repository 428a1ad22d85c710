import type { NamedBug } from "./diagnosis.ts";
import type { Grade } from "./grade.ts";
import type { Hint } from "./words.ts";
import type { StageResult } from "./run_stages.ts";

/** What was graded, and how it is graded again. */
export interface Graded {
  role: string;
  seed: string;
  /** `check echoserver --seed g07 -- python3 a.py {port}`, without `--only`. */
  command: { before: string; behind: string };
  hintOf: (id: string) => Hint;
  /** The title of a stage in the language of the person. */
  titleOf: (result: StageResult) => string;
}

/** The bug of which a stage fails; null: none is named. */
export function bugOf(
  { name, failure }: StageResult,
  grade: Grade,
): NamedBug | null {
  if (failure === null) return null;
  return grade.bugs.find(({ failed }) => failed.includes(name)) ?? null;
}

/** The bytes as `c3b1`. */
export function hexOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join(
    "",
  );
}
