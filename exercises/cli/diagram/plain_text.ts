import { widthAtMost } from "../../terminal/rows.ts";
import {
  type Conversation,
  type Exchange,
  LABEL_COLUMNS,
  type Step,
} from "./exchange.ts";

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

/** A sequence diagram of Mermaid, as Markdown on many a site draws it. */
export function mermaidDiagram(
  { title, conversations, leftOut }: Exchange,
): string {
  const [first] = conversations;
  const lines = first === undefined ? [] : [
    `participant L as ${escaped(first.left)}`,
    `participant R as ${escaped(first.right)}`,
    ...conversations.flatMap((conversation) => [
      ...first === conversation && conversations.length === 1
        ? []
        : [`Note over L,R: ${headingOf(conversation)}`],
      ...conversation.steps.map(({ what, shape }) =>
        ARROWS[shape] + escaped(what)
      ),
    ]),
  ];
  const note = leftOut === null ? [] : [`Note over L,R: ${escaped(leftOut)}`];
  return ["sequenceDiagram", `%% ${title}`, ...lines, ...note]
    .join("\n    ") + "\n";
}

function headingOf({ title, left, right }: Conversation): string {
  return escaped(`${title}, ${left} - ${right}`);
}

const ARROWS = {
  "->": "L->>R: ",
  "<-": "R->>L: ",
  left: "Note over L: ",
  right: "Note over R: ",
  gap: "Note over L,R: ",
};

/** What could end the statement, break the line or be markup, by its number. */
function escaped(text: string): string {
  return text.replace(
    /[^\p{L}\p{N} .,:'"()/_-]/gu,
    (character) => `#${character.codePointAt(0)};`,
  );
}
