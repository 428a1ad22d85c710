import { ProtocolError } from "./errors.ts";
import { MAX_NAME_BYTES } from "./file_name.ts";
import { quote } from "./quote.ts";

/** A file that is offered. */
export interface FileEntry {
  name: string;
  /** In bytes. */
  size: number;
}

/** What a server says: one line each. LIST's entries and bytes come after. */
export type FileReply =
  | { kind: "files"; count: number }
  | { kind: "sending" } & FileEntry
  | { kind: "cancelled" }
  | { kind: "bye" }
  | { kind: "features"; features: string[] }
  | { kind: "sha256"; name: string; hex: string }
  | Refusal;

/** The server said no. The connection goes on. */
export interface Refusal {
  kind: "error";
  /** One word in capitals, for programs: `NOT_FOUND`. */
  code: string;
  /** For people. */
  text: string;
}

/**
 * Reads a server's line, such as `SENDING_FILE my notes.txt 4096`.
 *
 * @throws {ProtocolError} It is none that a server may send.
 */
export function parseFileReply(line: string): FileReply {
  const [, word = "", rest = ""] = /^(\S*)(?: (.*))?$/s.exec(line) ?? [];
  switch (word) {
    case "FILES":
      return { kind: "files", count: parseSize(rest) };
    case "SENDING_FILE":
      return { kind: "sending", ...parseFileEntry(rest) };
    case "CANCELLED":
      return { kind: "cancelled" };
    case "BYE":
      return { kind: "bye" };
    case "FEATURES":
      return { kind: "features", features: rest.split(" ").filter(Boolean) };
    case "SHA256": {
      const [, hex = "", name] = /^([0-9a-f]{64}) (.+)$/is.exec(rest) ?? [];
      if (name === undefined) throw unexpected(line);
      return { kind: "sha256", name, hex: hex.toLowerCase() };
    }
    case "ERROR": {
      // A plain server may have no codes, only words.
      const [, code = "", text = ""] =
        /^(?:([A-Z][A-Z0-9_]*)(?: |$))?(.*)$/s.exec(rest) ?? [];
      return { kind: "error", code, text };
    }
    default:
      throw unexpected(line);
  }
}

/** The line for `reply`, with its line end. */
export function formatFileReply(reply: FileReply): string {
  switch (reply.kind) {
    case "files":
      return `FILES ${reply.count}\r\n`;
    case "sending":
      return `SENDING_FILE ${formatFileEntry(reply)}`;
    case "cancelled":
    case "bye":
      return `${reply.kind.toUpperCase()}\r\n`;
    case "features":
      return `${["FEATURES", ...reply.features].join(" ")}\r\n`;
    case "sha256":
      return `SHA256 ${reply.hex} ${reply.name}\r\n`;
    case "error":
      return `ERROR ${reply.code} ${reply.text}\r\n`;
    default:
      return reply satisfies never;
  }
}

/**
 * Reads `my notes.txt 4096`: names hold spaces, so the last word is the size.
 *
 * @throws {ProtocolError} It has no name or no size.
 */
export function parseFileEntry(line: string): FileEntry {
  const space = line.lastIndexOf(" ");
  if (space < 1) throw unexpected(line);
  // A list can be long: no line of it is longer than a name can be.
  if (space > MAX_NAME_BYTES) throw unexpected(line);
  const name = line.slice(0, space);
  return { name, size: parseSize(line.slice(space + 1)) };
}

/** The line for an entry, with its line end. */
export function formatFileEntry({ name, size }: FileEntry): string {
  return `${name} ${size}\r\n`;
}

function parseSize(text: string): number {
  const size = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(size)) {
    throw new ProtocolError(`Expected a size, got ${quote(text)}`);
  }
  return size;
}

function unexpected(line: string): ProtocolError {
  return new ProtocolError(`Unexpected answer ${quote(line)}`);
}
