import { parseClientLine } from "./messages.ts";
import { guestName, isReserved, parseNickname } from "./nickname.ts";
import { MAX_LINE_BYTES } from "./text.ts";

/** Someone who is in the room through the server that tells of it. */
export interface BusMember {
  /** When it came: a stamp (see `SharedRoom`). No other there has the same. */
  id: number;
  name: string;
  /** The name is that of a login. */
  fixed: boolean;
  /** Since when it has this name: a stamp. */
  since: number;
}

/** What a server tells the others that share its room. */
export type BusBody =
  /** It lives. */
  | { type: "beat" }
  /** Asks for the state of one server; null: of every one. */
  | { type: "hello"; to: string | null }
  /** All of its members, in parts that are numbered from 0. */
  | { type: "state"; part: number; last: boolean; members: BusMember[] }
  | { type: "joined"; member: BusMember }
  | { type: "renamed"; id: number; name: string; since: number }
  | { type: "left"; id: number }
  | { type: "said"; name: string; text: string }
  /** Asks every server whether one of its members may take `name`. */
  | { type: "claim"; claim: number; name: string }
  | { type: "answer"; to: string; claim: number; granted: boolean }
  /** It stops: its members have left. */
  | { type: "bye" };

export type BusMessage = BusBody & {
  /** Its server: chosen at random at each start. */
  from: string;
  /** One more than that of the message before it. */
  seq: number;
  /** How many lines its members have said so far, this one too. */
  lines: number;
};

/** A member, and the server that it is at. */
export type Located = BusMember & { server: string };

/**
 * Whether `ours` keeps a name that another server has given, too. A login does.
 * Of two, who had the name first; of two logins, who has logged in last.
 */
export function keepsName(ours: Located, theirs: Located): boolean {
  if (ours.fixed !== theirs.fixed) return ours.fixed;
  const isEarlier = ours.since === theirs.since
    ? ours.server < theirs.server
    : ours.since < theirs.since;
  return ours.fixed ? !isEarlier : isEarlier;
}

/** No message is longer, in UTF-16 units. */
const MAX_MESSAGE_LENGTH = 128 * 1024;
/** So many members, however long their names are, fit in a message. */
export const MEMBERS_PER_PART = 500;

const SERVER_ID_LENGTH = 6;
const SERVER_ID = new RegExp(`^[a-z0-9]{${SERVER_ID_LENGTH}}$`);

/** A server's id. Two are the same in one of two thousand million pairs. */
export function newServerId(): string {
  const random = crypto.getRandomValues(new Uint32Array(2));
  return [...random].map((number) => number.toString(36).padStart(7, "0"))
    .map((digits) => digits.slice(-SERVER_ID_LENGTH / 2)).join("");
}

/** What the names of its guests begin with. */
export function guestOf(server: string, number: number): string {
  return guestName(`${server}-${number}`);
}

export function formatBusMessage(message: BusMessage): string {
  return JSON.stringify(message);
}

/** A message as far as it can be trusted: it is well formed. Null: it is not. */
export function parseBusMessage(text: string): BusMessage | null {
  if (text.length > MAX_MESSAGE_LENGTH) return null;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (!isRecord(value)) return null;
  const { from, seq, lines } = value;
  if (!isServerId(from) || !isCount(seq) || !isCount(lines)) return null;
  const body = parseBody(value, from);
  return body && { from, seq, lines, ...body };
}

type Fields = Record<string, unknown>;

function parseBody(fields: Fields, from: string): BusBody | null {
  const { type, id, name, since, to, claim } = fields;
  switch (type) {
    case "beat":
    case "bye":
      return { type };
    case "hello":
      return to === null || isServerId(to) ? { type, to } : null;
    case "state":
      return parseState(fields, from);
    case "joined": {
      const member = parseMember(fields["member"], from);
      return member && { type, member };
    }
    case "renamed":
      return isCount(id) && isCount(since) && isNameOf(from, name)
        ? { type, id, name, since }
        : null;
    case "left":
      return isCount(id) ? { type, id } : null;
    case "said": {
      const { text } = fields;
      return isNameOf(from, name) && isSaid(text) ? { type, name, text } : null;
    }
    case "claim":
      return isCount(claim) && isNameOf(from, name)
        ? { type, claim, name }
        : null;
    case "answer": {
      const { granted } = fields;
      return isServerId(to) && isCount(claim) && typeof granted === "boolean"
        ? { type, to, claim, granted }
        : null;
    }
    default:
      return null;
  }
}

function parseState(
  { part, last, members }: Fields,
  from: string,
): BusBody | null {
  if (!isCount(part) || typeof last !== "boolean") return null;
  if (!Array.isArray(members) || members.length > MEMBERS_PER_PART) return null;
  const parsed = members.map((member) => parseMember(member, from));
  const all = parsed.filter((member) => member !== null);
  return all.length === parsed.length
    ? { type: "state", part, last, members: all }
    : null;
}

function parseMember(value: unknown, from: string): BusMember | null {
  if (!isRecord(value)) return null;
  const { id, name, fixed, since } = value;
  return isCount(id) && isNameOf(from, name) && isCount(since) &&
      typeof fixed === "boolean"
    ? { id, name, fixed, since }
    : null;
}

function isRecord(value: unknown): value is Fields {
  return typeof value === "object" && value !== null;
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && value as number >= 0;
}

function isServerId(value: unknown): value is string {
  return typeof value === "string" && SERVER_ID.test(value);
}

/** A nickname; a guest's is of that server. */
function isNameOf(server: string, value: unknown): value is string {
  return typeof value === "string" && parseNickname(value) === value &&
    (!isReserved(value) || value.startsWith(guestName(`${server}-`)));
}

/** A line as a client may say it, without what could control a terminal. */
function isSaid(value: unknown): value is string {
  if (typeof value !== "string" || value.includes("\n")) return false;
  if (new TextEncoder().encode(value).length > MAX_LINE_BYTES) return false;
  const command = parseClientLine(value);
  return command.type === "say" && command.text === value;
}
