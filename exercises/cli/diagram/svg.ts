import type { Conversation, Exchange, Step } from "./exchange.ts";

const WIDTH = 720;
/** The lifelines, in pixels from the left. */
const [LEFT, RIGHT] = [100, 700];
const MIDDLE = (LEFT + RIGHT) / 2;
const ROW = 30;

/** Both schemes, for a page whose colours nobody knows: it has its own. */
const STYLE = `
.tcplab { color: #1f2328; background: #fff; font: 13px ui-monospace, monospace }
@media (prefers-color-scheme: dark) {
  .tcplab { color: #e6edf3; background: #0d1117 }
}
.tcplab text { fill: currentColor; white-space: pre }
.tcplab path { stroke: currentColor; fill: none }
.tcplab .head { fill: currentColor }
.tcplab .title { font-weight: bold }
.tcplab .dim { opacity: 0.65 }
`;

/** A drawing for a light or a dark page: its text is text, and nothing runs. */
export function svgDiagram(
  { title, conversations, leftOut }: Exchange,
): string {
  let y = ROW;
  const parts = [text(20, y, title, "start", "title")];
  for (const conversation of conversations) {
    y += ROW;
    parts.push(...draw(conversation, y));
    y += ROW * (conversation.steps.length + 2);
  }
  if (leftOut !== null) parts.push(text(20, y += ROW, leftOut, "start"));
  const height = y + ROW;
  return `<svg xmlns="http://www.w3.org/2000/svg" class="tcplab" ` +
    `width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}">\n` +
    `<title>${escaped(title)}</title>\n<style>${STYLE}</style>\n` +
    `${parts.join("\n")}\n</svg>\n`;
}

function draw(
  { title, left, right, steps }: Conversation,
  top: number,
): string[] {
  const names = top + ROW;
  const bottom = names + ROW * (steps.length + 0.5);
  return [
    text(20, top, title, "start", "title"),
    text(LEFT, names, left, "start"),
    text(RIGHT, names, right, "end"),
    ...[LEFT, RIGHT].map((x) =>
      `<path class="dim" d="M${x} ${names + 8}V${bottom}"/>`
    ),
    ...steps.flatMap((step, i) => drawStep(step, names + ROW * (i + 1))),
  ];
}

function drawStep({ t, what, shape }: Step, y: number): string[] {
  const time = text(LEFT - 12, y, t, "end", "dim");
  switch (shape) {
    case "left":
      return [time, text(LEFT + 10, y, what, "start")];
    case "right":
      return [time, text(RIGHT - 10, y, what, "end")];
    case "gap":
      return [text(MIDDLE, y, what, "middle", "dim")];
    case "->":
    case "<-": {
      const [tip, back] = shape === "->" ? [RIGHT, -9] : [LEFT, 9];
      return [
        time,
        text(MIDDLE, y, what, "middle"),
        `<path d="M${LEFT} ${y + 6}H${RIGHT}"/>`,
        `<path class="head" d="M${tip} ${y + 6}l${back} -4v8z"/>`,
      ];
    }
  }
}

function text(
  x: number,
  y: number,
  content: string,
  anchor: "start" | "middle" | "end",
  kind = "",
): string {
  const attributes = `x="${x}" y="${y}" text-anchor="${anchor}"` +
    (kind && ` class="${kind}"`);
  return `<text ${attributes}>${escaped(content)}</text>`;
}

/** `text` as the text of XML or HTML, and nothing else. */
export function escaped(text: string): string {
  return text
    .replace(/[&<>"']/g, (character) => `&#${character.codePointAt(0)};`)
    // No characters of XML.
    .replace(/[\ufffe\uffff]/g, "\ufffd");
}
