import { MAX_NICKNAME_LENGTH } from "./nickname.ts";
import { MECHANISM } from "./scram_messages.ts";
import { counted, MAX_LINE_BYTES, quote, withoutControls } from "./text.ts";

/** What a client's line asks for. */
export type ClientCommand =
  | { type: "say"; text: string }
  | { type: "list" }
  | { type: "nick"; name: string }
  | { type: "quit" }
  | { type: "unknown"; word: string }
  /** No visible text: not delivered. */
  | { type: "empty" }
  /** Over the limit: not delivered. */
  | { type: "too-long" }
  /** Other line ends, or not text at all: not delivered. */
  | { type: "not-text" };

/** One line from the server. */
export type ServerLine =
  /** To who is not let in without a login. */
  | { type: "stranger" }
  | { type: "welcome"; name: string }
  | { type: "joined"; name: string }
  | { type: "left"; name: string }
  | { type: "renamed"; from: string; to: string }
  | { type: "said"; name: string; text: string }
  | { type: "listed"; count: number; names: Iterable<string> }
  | { type: "goodbye" }
  | { type: "shutdown" }
  /** Where servers share a room: those who are in it elsewhere are not heard. */
  | { type: "unheard" }
  | { type: "heard-again" }
  /** So many lines, said elsewhere, have not come. */
  | { type: "lost"; count: number }
  | { type: "refused"; refusal: Refusal };

/** Why the server refuses a command or ends the conversation. */
export type Refusal =
  | { type: "unknown-command"; word: string }
  | { type: "line-too-long" }
  | { type: "not-text" }
  | { type: "no-nickname" }
  | { type: "nickname-taken"; name: string }
  | { type: "nickname-reserved"; name: string }
  | { type: "auth-required" }
  | { type: "logged-in"; name: string }
  | { type: "logged-in-again" }
  | { type: "full" }
  | { type: "idle"; idleMs: number }
  | { type: "too-slow"; queueBytes: number };

/**
 * The longest line from the server, in bytes: a client's longest line after
 * `<nick> `, with four bytes per character of the nickname.
 */
export const MAX_SERVER_LINE_BYTES = MAX_LINE_BYTES +
  4 * MAX_NICKNAME_LENGTH + "<> ".length;

/** Limit for the names in a list, in bytes. The rest of the line needs less. */
const MAX_LIST_BYTES = MAX_LINE_BYTES - 64;

const BY_CHAT = "as chat --login <name> does";

const encoder = new TextEncoder();

/**
 * A CR outside a line end (old Macs sent it for Enter; telnet sends it with a
 * NUL), a NUL, and invalid UTF-8, such as telnet's commands or UTF-16.
 */
const NO_TEXT = /[\r\0\ufffd]/;

/**
 * Parses a client's line, without its line end. Removes control characters
 * first: a chat must not control anyone's terminal. Then `/` begins a command.
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
    case "stranger":
      return `* Hello. Log in first: /auth ${MECHANISM}, ${BY_CHAT}`;
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
    case "unheard":
      return "* Other servers cannot be heard";
    case "heard-again":
      return "* Other servers can be heard again";
    case "lost":
      return `* ${counted(line.count, "line")} from another server ` +
        `${line.count === 1 ? "was" : "were"} lost`;
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
    case "auth-required":
      return `AUTH_REQUIRED Log in first, ${BY_CHAT}`;
    case "logged-in":
      return `You are logged in as ${quote(refusal.name)}, and stay that`;
    case "logged-in-again":
      return "You have logged in again, from elsewhere";
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

/** As many names as fit in a line, then how many were left out. */
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
