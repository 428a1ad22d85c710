import { hexDump } from "../trace/trace_words.ts";
import type { Conversation, Exchange, Step } from "./exchange.ts";
import { escaped } from "./svg.ts";

/** Nothing is loaded, and nothing runs, whatever a peer has sent. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'";

const STYLE = `
:root { color-scheme: light dark }
body { font: 14px ui-monospace, monospace; max-width: 46rem; margin: 2rem auto; padding: 0 1rem }
h1, h2 { font-size: 1.1em }
h2 { margin-top: 2.5em }
.step, .ends { display: grid; grid-template-columns: 7.5em 1fr; margin: 0 }
.ends b { grid-column: 2; display: flex; justify-content: space-between }
time { opacity: 0.65; text-align: right; padding: 0.4em 1em 0 0 }
.step span { position: relative; border: solid; border-width: 0 2px; padding: 0.4em 1em 0.6em; text-align: center; overflow-wrap: break-word }
.left span { text-align: left }
.right span { text-align: right }
.gap span { border-style: dotted }
.to span::after, .from span::after { content: ""; position: absolute; left: 0; right: 0; bottom: 0.3em; border-bottom: 1px solid }
.to span::before, .from span::before { content: ""; position: absolute; bottom: calc(0.3em - 4px); border: 5px solid transparent }
.to span::before { right: 0; border-width: 5px 0 5px 9px; border-left-color: currentcolor }
.from span::before { left: 0; border-width: 5px 9px 5px 0; border-right-color: currentcolor }
summary { cursor: pointer }
summary time::before { content: "+ " }
details[open] time::before { content: "- " }
pre { margin: 0 0 0 7.5em; padding: 0.6em 1em; border: solid; border-width: 0 2px; overflow-x: auto }
`;

/** One page for itself: a read or write opens its bytes. */
export function htmlDiagram(
  { title, conversations, leftOut }: Exchange,
): string {
  return [
    `<!doctype html>`,
    `<html lang="en">`,
    `<meta charset="utf-8">`,
    `<meta http-equiv="Content-Security-Policy" content="${POLICY}">`,
    `<meta name="viewport" content="width=device-width">`,
    `<title>${escaped(title)}</title>`,
    `<style>${STYLE}</style>`,
    `<h1>${escaped(title)}</h1>`,
    ...conversations.map(section),
    ...leftOut === null ? [] : [`<p>${escaped(leftOut)}</p>`],
    "</html>\n",
  ].join("\n");
}

function section({ title, left, right, steps }: Conversation): string {
  const [one, other] = [escaped(left), escaped(right)];
  return [
    `<section>`,
    `<h2>${title}</h2>`,
    `<p class="ends"><b><span>${one}</span> <span>${other}</span></b></p>`,
    ...steps.map(row),
    `</section>`,
  ].join("\n");
}

const CLASSES = {
  "->": "to",
  "<-": "from",
  left: "left",
  right: "right",
  gap: "gap",
};

function row({ t, what, shape, event }: Step): string {
  const inside = `<time>${t}</time><span>${escaped(what)}</span>`;
  const classes = `class="step ${CLASSES[shape]}"`;
  if (event === undefined) return `<p ${classes}>${inside}</p>`;
  const hex = escaped(hexDump(event, 80));
  return `<details><summary ${classes}>${inside}</summary>` +
    `<pre>${hex}</pre></details>`;
}
