/** What can be read in what a program prints, in whatever words. */
import type { Random } from "../subject.ts";

/**
 * Two sequences that drive a terminal: a colour, and a title of its window. No
 * program has these of its own, which may well draw with others.
 */
export function escapesOf(random: Random): [colour: string, title: string] {
  return [
    `\x1b[38;5;${random.number(100, 200)}m`,
    `\x1b]0;${random.word()}\x07`,
  ];
}

/** Whether the terminal has got one of them. */
export function hasEscapes(text: string, escapes: readonly string[]): boolean {
  // Without its end, such as BEL, a title is one still.
  return escapes.some((escape) => text.includes(escape.slice(0, -1)));
}

/**
 * Whether it is there; as `?` where the program's stdout has no `ñ`, as Java's
 * has none without a locale. Both halves of one that was cut would be two.
 */
export function showsText(shown: string, text: string): boolean {
  return shown.includes(text) || shown.includes(text.replaceAll("ñ", "?"));
}

/** That something went wrong, as a student would say it. */
const WRONG =
  /err(or|eur)|exception|traceback|fail|fall[oóa]|wrong|differ|diferent|distint|mismatch|(not|n't) (the )?(same|equal|identical|complete|match|correct|what)|no (son |es )?(coincid|igual|(el|l[oa]s?) mism|id[eé]ntic|correct|match\b)|unequal|corrupt|incorrect|incomplet|unfinished|partial|truncat|cut off|cortad|broke|\breset|(closed|ended|gone) (too )?(early|soon)|antes de tiempo|premature|unexpected|inesperad|lost|perdid|aborted|missing|falta|panick?|\bchang|\baltera?d|\bcambi|\bbad\b|\bmal\b|\binvalid|timed out|tiempo agotado|!=|≠|✗|✘|❌/iu;

/** None of it: `0 errors`, `no error`, `0 of 5 lines differ`. */
const NOTHING_WRONG =
  /\b((0|zero|cero)\s+(\w+\s+){0,4}|(no|none|nothing|nada|sin|ning[uú]n|ninguna|without( any)?|never)\s+(\w+\s+)?)(err(or(es)?|ors)|differ(ences?|ent|s)?|diferen(cias?|tes?)|distint[oa]s?|fail\w*|fallos?|mismatch\w*|wrong|incorrect\w*|missing|lost|chang(es?|ed)|cambi(os?|ad[oa]s?)|bad|mal)\b/giu;

/** The same, as `errors: 0`. */
const NONE_WRONG =
  /\b(errors?|errores|differences|diferencias|different|distint[oa]s|fail(ed|ures)|fallos|mismatch(es)?|wrong|incorrect\w*|missing|lost|perdid[oa]s|bad|changed)(\s+\w+){0,2}(\s*[:=]\s*(none|ningun[oa]|no|false)|\s*[:=]?\s*0)\b(?!\s+[a-z])/giu;

/** Whether it says that something went wrong. */
export function saysWrong(text: string): boolean {
  return WRONG.test(
    text.replace(NOTHING_WRONG, "").replace(NONE_WRONG, ""),
  );
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
