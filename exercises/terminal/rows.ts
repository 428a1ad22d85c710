import { terminalColumns } from "./capabilities.ts";

const segmenter = new Intl.Segmenter(undefined, { granularity: "grapheme" });
const INDENT = "  ";

/**
 * A line for stdout, which on a terminal is broken into rows of less than
 * `columns`, all but the first indented. The terminal itself would begin each
 * at column 0, where it could pass for a line of somebody else.
 */
export function inRows(
  line: string,
  columns = Deno.stdout.isTerminal() ? terminalColumns() : Infinity,
): string {
  if (columns === Infinity) return line;
  const rows: string[] = [];
  let row = "";
  let width = 0;
  for (const { segment } of segmenter.segment(line.replaceAll("\t", " "))) {
    width += widthAtMost(segment);
    while (width >= columns && row !== "" && row !== INDENT) {
      // A word is kept whole where that costs less than half a row.
      const space = row.lastIndexOf(" ") + 1;
      const isNear = space > Math.max(columns / 2, INDENT.length);
      const end = isNear ? space : row.length;
      rows.push(row.slice(0, end));
      row = INDENT + row.slice(end);
      width = widthAtMost(row + segment);
    }
    row += segment;
  }
  return [...rows, row].join("\n");
}

/** How wide terminals show it differs; none shows it wider than this. */
export function widthAtMost(text: string): number {
  let width = 0;
  for (const character of text) width += character < "\u1100" ? 1 : 2;
  return width;
}
