import { quote } from "../../protocol/text.ts";
import { UsageError } from "./outcome.ts";
import { choice, type Parameter } from "./parameters.ts";

export type TraceFormat = "text" | "hex" | "json";

export const DIAGRAM_ENDINGS = ["svg", "html", "mmd", "txt"] as const;
export type DiagramEnding = (typeof DIAGRAM_ENDINGS)[number];

/** What was asked for; nothing: nobody watches. */
export interface WatchValues {
  trace?: TraceFormat | undefined;
  diagram?: string | undefined;
}

/** The options of every command that connects or listens. */
export const watchOptions = {
  trace: {
    ...choice(
      "tell on stderr what each socket does: text, hex or json",
      ["text", "hex", "json"],
    ),
    alone: "text",
    placeholder: "<format>",
  },
  diagram: {
    about: "draw that when it ends: a .svg, .html, .mmd or .txt",
    placeholder: "<file>",
    path: "file",
    parse(value) {
      if (endingOf(value) !== undefined) return value;
      const endings = DIAGRAM_ENDINGS.map((ending) => `.${ending}`).join(", ");
      throw new UsageError(
        `Expected a file that ends in one of ${endings}, got ${quote(value)}`,
      );
    },
  },
} as const satisfies Record<string, Parameter<string>>;

export function endingOf(file: string): DiagramEnding | undefined {
  return DIAGRAM_ENDINGS.find((ending) => file.endsWith(`.${ending}`));
}
