import type { StageName } from "./roles.ts";

/** The titles of the stages in Spanish. */
export const titlesEs: Partial<Record<StageName, string>> = {
  listens: "Escucha donde se le dice",
};
