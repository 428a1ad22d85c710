import { MAX_NICKNAME_LENGTH } from "./nickname.ts";
import { MAX_LINE_BYTES, quote, withoutControls } from "./text.ts";

/** What a client's line asks for. */
export type ClientCommand =
  | { type: "say"; text: string }
  | { type: "list" }
  | { type: "nick"; name: string }
  | { type: "quit" }
  | { type: "unknown"; word: string }
  /** Nothing to see in it: nobody hears it. */
  | { type: "empty" }
  /** Over the limit: nobody hears it. */
  | { type: "too-long" }
  /** Another convention of lines, or no text at all: nobody hears it. */
  | { type: "not-text" };

/** What the server says in one line. */
export type ServerLine =
  | { type: "welcome"; name: string }
  | { type: "joined"; name: string }
  | { type: "left"; name: string }
  | { type: "renamed"; from: string; to: string }
  | { type: "said"; name: string; text: string }
  | { type: "listed"; count: number; names: Iterable<string> }
  | { type: "goodbye" }
  | { type: "shutdown" }
  | { type: "refused"; refusal: Refusal };

/** Why the server does not do what it was asked, or ends the conversation. */
export type Refusal =
  | { type: "unknown-command"; word: string }
  | { type: "line-too-long" }
  | { type: "not-text" }
  | { type: "no-nickname" }
  | { type: "nickname-taken"; name: string }
  | { type: "nickname-reserved"; name: string }
  | { type: "full" }
  | { type: "idle"; idleMs: number }
  | { type: "too-slow"; queueBytes: number };

/**
 * A line of the server is at most this long: what a client said, which can
 * fill a line by itself, behind `<nick> ` with four bytes per character.
 */
export const MAX_SERVER_LINE_BYTES = MAX_LINE_BYTES +
  4 * MAX_NICKNAME_LENGTH + "<> ".length;

/** The names in a list; what the line says besides fits in the rest. */
const MAX_LIST_BYTES = MAX_LINE_BYTES - 64;

const encoder = new TextEncoder();

/**
 * A CR that is no part of a line end (what a Mac once sent for Enter, and telnet
 * sends with a NUL), a NUL, and what was not UTF-8: telnet's commands, UTF-16.
 */
const NO_TEXT = /[\r\0\ufffd]/;

/**
 * Reads a client's line, which is without its line end. Control characters go
 * first: a chat must not drive someone's terminal. Then `/` begins a command.
 */
export function parseClientLine(line: string): ClientCommand {
  if (NO_TEXT.test(line)) return { type: "not-text" };
  const text = withoutControls(line);
  if (text.trim() === "") return { type: "empty" };
  if (!text.startsWith("/")) return { type: "say", text };
  const word = /^\S+/.exec(text)![0];
  switch (word) {
    case "/list":
      return { type: "list" };
    case "/nick":
      return { type: "nick", name: text.slice(word.length).trim() };
    case "/quit":
      return { type: "quit" };
    default:
      return { type: "unknown", word };
  }
}

/** The line on the wire, without its line end. */
export function formatServerLine(line: ServerLine): string {
  switch (line.type) {
    case "welcome":
      return `* Welcome, ${line.name}. Commands: /list, /nick <name>, /quit`;
    case "joined":
      return `* ${line.name} joined`;
    case "left":
      return `* ${line.name} left`;
    case "renamed":
      return `* ${line.from} is now ${line.to}`;
    case "said":
      return `<${line.name}> ${line.text}`;
    case "listed":
      return formatList(line);
    case "goodbye":
      return "* Goodbye";
    case "shutdown":
      return "* Server is shutting down";
    case "refused":
      return `! ${formatRefusal(line.refusal)}`;
    default:
      return line satisfies never;
  }
}

function formatRefusal(refusal: Refusal): string {
  switch (refusal.type) {
    case "unknown-command":
      return `Unknown command ${quote(refusal.word)}`;
    case "line-too-long":
      return `Line is longer than ${MAX_LINE_BYTES} bytes`;
    case "not-text":
      return "A line is text in UTF-8, and ends with LF or CR LF";
    case "no-nickname":
      return `A nickname is 1 to ${MAX_NICKNAME_LENGTH} letters, digits, ` +
        "_ or -";
    case "nickname-taken":
      return `Nickname ${quote(refusal.name)} is taken`;
    case "nickname-reserved":
      return `Nickname ${quote(refusal.name)} is reserved for guests`;
    case "full":
      return "Server is full";
    case "idle":
      return `Nothing was heard from you for ${refusal.idleMs} ms`;
    case "too-slow":
      return `You read too slowly: over ${refusal.queueBytes} bytes wait`;
    default:
      return refusal satisfies never;
  }
}

/** As many names as a line holds, and the number of the others. */
function formatList(
  { count, names }: ServerLine & { type: "listed" },
): string {
  const shown: string[] = [];
  let bytes = 0;
  for (const name of names) {
    bytes += encoder.encode(`, ${name}`).length;
    if (bytes > MAX_LIST_BYTES) break;
    shown.push(name);
  }
  const left = count - shown.length;
  const rest = left > 0 ? ` and ${left} more` : "";
  return `* ${count} connected: ${shown.join(", ")}${rest}`;
}
