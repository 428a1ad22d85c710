/** What can be read in what a program prints, in whatever words. */

/** Whether something in it would drive a terminal. */
export function hasEscapes(text: string): boolean {
  // deno-lint-ignore no-control-regex
  return /[\x07\x1b\x9b]/.test(text);
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
