import type { Runnable } from "../../cli/command_spec.ts";
import { parseHost } from "../../cli/host.ts";
import type { Flag, Parameter } from "../../cli/parameters.ts";

/** One field of a form. */
export interface Field {
  name: string;
  about: string;
  placeholder: string | null;
  kind: "flag" | "text" | "choice";
  choices?: readonly string[];
  default: string | null;
  required: boolean;
  /** It is a host, and must be this machine unless others are allowed. */
  host: boolean;
}

/** Commands of no use in a page: they need a terminal, or are it. */
const NOT_OFFERED = ["menu", "completions", "users", "web"];

/** What the page does itself, what asks for a secret, or cannot be watched. */
const LEFT_OUT = [
  "trace",
  "diagram",
  "login",
  "password-file",
  "sealed",
  "passphrase-file",
  "workers",
  "nats",
  "room",
];

/** The commands that the page offers. */
export function offered(catalogue: readonly Runnable[]): Runnable[] {
  return catalogue.filter(({ name }) => !NOT_OFFERED.includes(name));
}

/** Those of its options that are on its form. */
export function optionsOf({ options }: Runnable): Runnable["options"] {
  // Whose pass phrase it is says its room.
  const others = "sealed" in options ? ["room"] : [];
  return Object.fromEntries(
    Object.entries(options).filter(([name]) =>
      ![...LEFT_OUT, ...others].includes(name)
    ),
  );
}

/** A command as its form shows it. */
export function formOf(row: Runnable) {
  const { name, title, usage, exercise, listens, reads, tryWith, rest } = row;
  return {
    name,
    title,
    usage,
    exercise: exercise ?? null,
    listens: listens ?? false,
    tryWith: tryWith ?? null,
    reads: reads ?? false,
    arguments: Object.entries(row.arguments).map(([name, argument]) => ({
      ...fieldOf(name, argument),
      required: argument.default === undefined,
    })),
    options: Object.entries(optionsOf(row)).map(([name, option]) =>
      fieldOf(name, option)
    ),
    rest: rest ?? null,
    permissions: row.permissions,
  };
}

function fieldOf(name: string, parameter: Parameter<unknown> | Flag): Field {
  const { about } = parameter;
  const field = { name, about, required: false };
  if ("flag" in parameter) {
    const none = { placeholder: null, default: null, host: false };
    return { ...field, ...none, kind: "flag" };
  }
  const { placeholder = null, default: fallback = null, words } = parameter;
  return {
    ...field,
    placeholder,
    kind: words ? "choice" : "text",
    ...words && { choices: words },
    default: fallback,
    host: isHost(parameter),
  };
}

/** Whether its value is a host, or has one before its port. */
export function isHost({ parse, placeholder }: Parameter<unknown>): boolean {
  return parse === parseHost || /^<host\b/.test(placeholder ?? "");
}

/** Whether the further words of a command are hosts. */
export function areHosts({ rest }: Runnable): boolean {
  return rest?.name.startsWith("host") ?? false;
}
