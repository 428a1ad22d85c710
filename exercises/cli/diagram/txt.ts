import { widthAtMost } from "../../terminal/rows.ts";
import { type Exchange, LABEL_COLUMNS, type Step } from "./exchange.ts";

/** Between the two lifelines, in columns. */
const BETWEEN = LABEL_COLUMNS + 8;

/** Two lifelines, as every terminal can show them, 76 columns wide. */
export function txtDiagram(
  { title, conversations, leftOut }: Exchange,
): string {
  const blocks = conversations.map(({ title, left, right, steps }) => {
    const space = BETWEEN + 2 - widthAtMost(left) - widthAtMost(right);
    const ends = left + " ".repeat(Math.max(1, space)) + right;
    return [title, `${"ms".padStart(8)}  ${ends}`, ...steps.map(row)];
  });
  return [[title], ...blocks, leftOut ? [leftOut] : []]
    .filter((block) => block.length > 0)
    .map((block) => `${block.join("\n")}\n`).join("\n");
}

function row({ t, what, shape }: Step): string {
  const fill = (character: string, columns = BETWEEN) =>
    character.repeat(Math.max(0, columns - widthAtMost(what) - 2));
  const between = {
    "->": () => `-- ${what} ${fill("-", BETWEEN - 3)}>`,
    "<-": () => `<- ${what} ${fill("-", BETWEEN - 2)}`,
    left: () => ` ${what} ${fill(" ")}`,
    right: () => `${fill(" ")} ${what} `,
    gap: () => ` ${what} ${fill(" ")}`,
  }[shape]();
  const line = shape === "gap" ? ":" : "|";
  return `${t.padStart(8)}  ${line}${between}${line}`;
}
