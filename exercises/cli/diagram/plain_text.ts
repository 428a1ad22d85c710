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

/** Beside each other, more lifelines are no longer read. */
const MAX_LIFELINES = 4;

/**
 * A sequence diagram of Mermaid, as Markdown on many a site draws it. A few
 * ends have a lifeline each; connections that differ in one of them, such as a
 * proxy's two, happen side by side. Others stand one below the other.
 */
export function mermaidDiagram(
  { title, conversations, leftOut }: Exchange,
): string {
  const names = conversations.flatMap(({ left, right }) => [left, right]);
  const ends = [...new Set(names)];
  const fits = ends.length <= MAX_LIFELINES;
  const lifelines = fits ? ends : ["client", "server"];
  const idOf = (end: string) => "ABCD"[lifelines.indexOf(end)]!;
  const told = conversations.map((conversation) => {
    const { left, right, steps } = conversation;
    const [a, b] = fits ? [idOf(left), idOf(right)] : ["A", "B"];
    const heading = `Note over ${a},${b}: ${headingOf(conversation)}`;
    const statements = steps.map((step) => ({
      at: step.at,
      line: statement(step, a!, b!),
    }));
    return { heading, statements };
  });
  const lines = fits && ends.length === conversations.length + 1
    ? told.flatMap(({ statements }) => statements)
      .sort((one, other) => one.at - other.at).map(({ line }) => line)
    : told.flatMap(({ heading, statements }) => [
      heading,
      ...statements.map(({ line }) => line),
    ]);
  return [
    "sequenceDiagram",
    `%% ${title}`,
    ...lifelines.map((end) => `participant ${idOf(end)} as ${escaped(end)}`),
    ...lines,
    ...leftOut === null ? [] : [`Note over A,B: ${escaped(leftOut)}`],
  ].join("\n    ") + "\n";
}

function headingOf({ title, left, right }: Conversation): string {
  return escaped(`${title}, ${left} - ${right}`);
}

function statement({ shape, what }: Step, left: string, right: string): string {
  const begin = {
    "->": `${left}->>${right}`,
    "<-": `${right}->>${left}`,
    left: `Note over ${left}`,
    right: `Note over ${right}`,
    gap: `Note over ${left},${right}`,
  }[shape];
  return `${begin}: ${escaped(what)}`;
}

/** What could end the statement, break the line or be markup, by its number. */
function escaped(text: string): string {
  return text.replace(
    /[^\p{L}\p{N} .,:'"()/_-]/gu,
    (character) => `#${character.codePointAt(0)};`,
  );
}
