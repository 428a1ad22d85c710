import { closestString } from "@std/text/closest-string";
import { levenshteinDistance } from "@std/text/levenshtein-distance";

/** More letters apart, and it was no slip of the fingers. */
const MAX_TYPOS = 2;

/** Which of the `known` words was meant by `word`; null when none is near. */
export function likelyWord(
  word: string,
  known: readonly string[],
): string | null {
  const nearest = closestString(word, [...known]);
  // Of a short word most must be right: three other letters are another one.
  const typos = Math.min(MAX_TYPOS, Math.ceil(word.length / 3));
  return levenshteinDistance(word, nearest) <= typos ? nearest : null;
}
