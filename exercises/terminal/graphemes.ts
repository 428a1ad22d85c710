import stringWidth from "string-width";

// What a person takes for one character: é and 👩‍🚀 are several code units.
const segmenter = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/** No row is so wide, and no grapheme so long, that more has to be looked at. */
const UNITS_PER_COLUMN = 32;

/** The first grapheme, or "". */
export function firstGrapheme(text: string): string {
  for (const { segment } of segmenter.segment(text)) return segment;
  return "";
}

/** The last grapheme, or "". */
export function lastGrapheme(text: string): string {
  const last = text.length - 1;
  return segmenter.segment(text).containing(last)?.segment ?? "";
}

/** The columns that `text` takes on a terminal; a tab is shown as a space. */
export function widthOf(text: string): number {
  return stringWidth(text.replaceAll("\t", " "));
}

/** As much from the beginning of `text` as `columns` hold. */
export function firstColumns(text: string, columns: number): string {
  let taken = "";
  let left = columns;
  const near = text.slice(0, columns * UNITS_PER_COLUMN);
  for (const { segment } of segmenter.segment(near)) {
    left -= widthOf(segment);
    if (left < 0) break;
    taken += segment;
  }
  return taken;
}

/** As much from the end of `text` as `columns` hold. */
export function lastColumns(text: string, columns: number): string {
  let taken = "";
  let left = columns;
  const near = text.slice(-columns * UNITS_PER_COLUMN);
  for (const { segment } of [...segmenter.segment(near)].reverse()) {
    left -= widthOf(segment);
    if (left < 0) break;
    taken = segment + taken;
  }
  return taken;
}
