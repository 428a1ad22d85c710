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
  /err(or|eur)|exception|traceback|fail|fall|wrong|differ|diferent|distint|mismatch|not (the )?(same|equal|identical|complete)|no (coincide|es igual)|unequal|corrupt|incorrect|incomplet|unfinished|partial|truncat|cut off|cortad|broke|reset|closed (too )?early|premature|unexpected|inesperad|lost|perdid|aborted|missing|falta|panick?/iu;

/** None of it: `0 errors`, `no error`, `sin errores`. */
const NOTHING_WRONG =
  /\b(0|no|none|sin|ning[uú]n|without( any)?|never)\s+(\w+\s+)?(errors?|errores?|differences?|diferencias?|fail\w*|fallos?|mismatch\w*)|(errors?|errores|differences?|diferencias|failures|fallos|mismatches)\s*[:=]\s*(0|none|no)\b/giu;

/** Whether it says that something went wrong. */
export function saysWrong(text: string): boolean {
  return WRONG.test(text.replace(NOTHING_WRONG, ""));
}

/** `text` without what separates its words and lines. */
export function squeezed(text: string): string {
  return text.replace(/\s+/g, "");
}
