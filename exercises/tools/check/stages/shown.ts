/** What can be read in what a program prints, in whatever words. */

/**
 * Whether some of what drives a terminal in `nasty` came through. A program may
 * have colors of its own.
 */
export function hasEscapes(text: string, nasty: string): boolean {
  // deno-lint-ignore no-control-regex
  const sequences = nasty.match(/\x1b[^\x1b\x07]*|[^\x1b]+\x07/g) ?? [];
  return sequences.some((sequence) => text.includes(sequence));
}

/** That something went wrong, as a student would say it. */
const WRONG =
  "(?:err(?:or|eur)|exception|traceback|fail|fall[oaó]|fehler|falsch|wrong|differ|diferent|distint|mismatch|not (?:the )?(?:same|equal|identical|complete)|no (?:coincide|es igual)|unequal|corrupt|incorrect|incomplet|unfinished|partial|truncat|cut off|cortad|broke|reset|closed (?:too )?early|premature|unexpected|inesperad|lost|perdid|aborted|missing|falta|panick?)\\p{L}*";

/** None of it: `0 bytes lost`, `no error`, `errors: 0`. */
const NOTHING_WRONG = new RegExp(
  `\\b(?:0|no|none|sin|ning[uú]n|without|never|keine?)\\s+(?:\\p{L}+\\s+){0,2}?${WRONG}|` +
    `${WRONG}(?:\\s+\\p{L}+)?\\s*[:=]?\\s*(?:0\\b|none\\b|no[.!]?$)`,
  "gium",
);

const SOMETHING_WRONG = new RegExp(WRONG, "iu");

/** Whether it says that something went wrong. */
export function saysWrong(text: string): boolean {
  return SOMETHING_WRONG.test(text.replace(NOTHING_WRONG, ""));
}

/**
 * Whether `output` says something that `usual` does not, which the same program
 * printed when all went well: in any language. What was exchanged says nothing,
 * and numbers differ from run to run.
 */
export function tellsMore(
  output: string,
  usual: string,
  exchanged: readonly string[],
): boolean {
  const known = wordsIn(usual, exchanged).union(wordsIn(exchanged.join(" ")));
  return !wordsIn(output, exchanged).isSubsetOf(known) ||
    saysWrong(output) && !saysWrong(usual);
}

/** Its words and signs, `ñandú` and `✗`, without what was `exchanged`. */
function wordsIn(text: string, exchanged: readonly string[] = []): Set<string> {
  const lines = exchanged.flatMap((part) => part.split(/\r?\n/)).filter(
    Boolean,
  );
  const rest = lines.toSorted((a, b) => b.length - a.length).reduce(
    (rest, part) => rest.replaceAll(part.toLowerCase(), " "),
    text.toLowerCase(),
  ).replace(/[\p{L}_]*\d[\p{L}\d.,:_]*/gu, " ");
  return new Set(rest.match(/\p{L}+|[\p{S}!?]+/gu));
}

/** `text` without what separates its words and lines. */
export function squeezed(text: string): string {
  return text.replace(/\s+/g, "");
}

/** How often `word` stands in `text`. */
export function timesIn(text: string, word: string): number {
  return text.split(word).length - 1;
}

/** Whether all `parts` stand in `text` one behind the other, whatever is between. */
export function hasInOrder(text: string, parts: readonly string[]): boolean {
  let at = 0;
  return parts.every((part) => {
    const found = text.indexOf(part, at);
    at = found + part.length;
    return found >= 0;
  });
}
