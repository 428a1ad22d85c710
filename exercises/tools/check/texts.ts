import type { RoleName } from "./role_names.ts";
import type { StageResult } from "./run_stages.ts";
import {
  type Hint,
  type Language,
  systemLanguage,
  type Words,
  wordsEn,
} from "./words.ts";

/** All that is said in one language. */
export interface Texts {
  words: Words;
  /** By the ids of the bugs. */
  hints: Readonly<Record<string, Hint>>;
  titleOf: (role: RoleName, result: StageResult) => string;
}

/** What is said in `language`; none: that of the system. */
export async function textsOf(
  language: Language = systemLanguage(),
): Promise<Texts> {
  if (language === "en") {
    const { hintsEn } = await import("./hints_en.ts");
    return { words: wordsEn, hints: hintsEn, titleOf: (_, { title }) => title };
  }
  const { wordsEs } = await import("./words_es.ts");
  const { hintsEs } = await import("./hints_es.ts");
  const { titlesEs } = await import("./titles_es.ts");
  return {
    words: wordsEs,
    hints: hintsEs,
    titleOf: (role, { name, title }) => {
      const titles: Record<string, string> = titlesEs[role];
      return titles[name] ?? title;
    },
  };
}
