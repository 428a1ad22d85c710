import { choice, type Parameter } from "./parameters.ts";

export type TraceFormat = "text" | "hex" | "json";

/** What was asked for; nothing: nobody watches. */
export interface WatchValues {
  trace?: TraceFormat | undefined;
}

/** The options of every command that connects or listens. */
export const watchOptions = {
  trace: {
    ...choice(
      "tell each connect, read, write and end on stderr; hex, json",
      ["text", "hex", "json"],
    ),
    alone: "text",
    placeholder: "<format>",
  },
} as const satisfies Record<string, Parameter<string>>;
