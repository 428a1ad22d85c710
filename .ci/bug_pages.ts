/** The page of the bugs that `check` names, in each language. */
import { hintsEn } from "../exercises/tools/check/hints_en.ts";
import { hintsEs } from "../exercises/tools/check/hints_es.ts";
import { roles } from "../exercises/tools/check/roles.ts";
import type { Hint } from "../exercises/tools/check/words.ts";

const TEXTS = {
  en: {
    hints: hintsEn,
    title: "# The bugs that `check` names",
    intro: "What the bug is, why it shows, and the mend. Written by " +
      "`deno task generate` from what `check` itself says.",
    roles: "Roles",
  },
  es: {
    hints: hintsEs,
    title: "# Los fallos que nombra `check`",
    intro: "Qué fallo es, por qué se nota y cómo se arregla. Lo escribe " +
      "`deno task generate` a partir de lo que dice `check`.",
    roles: "Papeles",
  },
} as const;

/** The whole page: a paragraph for each bug, under its id. */
export function bugPage(language: keyof typeof TEXTS): string {
  const { hints, title, intro, roles: label } = TEXTS[language];
  const paragraphs = Object.entries<Hint>(hints).map(([id, hint]) => {
    const { what, why, mend } = hint;
    const named = Object.entries(roles).filter(([, { bugs }]) => id in bugs)
      .map(([role]) => `\`${role}\``);
    return `## ${id}\n\n${label}: ${named.join(", ")}.\n\n` +
      `**${what}** ${why} ${mend}\n`;
  });
  return [title, "", intro, "", paragraphs.join("\n")].join("\n");
}
