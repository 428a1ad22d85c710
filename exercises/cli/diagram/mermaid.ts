import type { Conversation, Exchange } from "./exchange.ts";

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
