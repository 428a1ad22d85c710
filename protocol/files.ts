import type { Hash } from "node:crypto";
import { ProtocolError } from "./errors.ts";
import { quote } from "./text.ts";

/** The longest file name that common file systems allow. */
export const MAX_NAME_BYTES = 255;

/** C0 and C1 controls and DEL: names are sent in lines and displayed. */
// deno-lint-ignore no-control-regex
const CONTROLS = /[\u0000-\u001f\u007f-\u009f]/;

/**
 * Why `name` cannot name a file in a shared folder, as a phrase (`is a path`),
 * or null when it can. A valid name is a single path segment: joined to a
 * folder, it stays inside that folder.
 */
export function fileNameProblem(name: string): string | null {
  if (name === "") return "is empty";
  if (CONTROLS.test(name)) return "has a control character";
  if (/[/\\]/.test(name)) return "is a path";
  // Hidden files, and also `.` and `..`.
  if (name.startsWith(".")) return "begins with a dot";
  if (/^[A-Za-z]:/.test(name)) return "begins with a drive letter";
  if (new TextEncoder().encode(name).length > MAX_NAME_BYTES) {
    return `is longer than ${MAX_NAME_BYTES} bytes`;
  }
  return null;
}

/** A client's request, one line each. An invalid line is a value, too. */
export type FileRequest =
  | { kind: "list" }
  | { kind: "get"; name: string }
  | { kind: "ready" }
  | { kind: "quit" }
  | { kind: "features" }
  | { kind: "resume" | "zstd"; name: string; offset: number }
  | { kind: "sha256"; name: string }
  | BadRequest;

/** An invalid line. The server answers it all the same. */
type BadRequest =
  | { kind: "malformed"; problem: string }
  | { kind: "unknown"; word: string };

/** A valid request. */
export type GoodFileRequest = Exclude<FileRequest, BadRequest>;

/** The commands that take no argument. */
const ALONE = {
  LIST: "list",
  READY: "ready",
  QUIT: "quit",
  FEATURES: "features",
} as const;

/** Parses a client's line, such as `GET my notes.txt`. */
export function parseFileRequest(line: string): FileRequest {
  const [, word = "", rest = ""] = /^(\S*)(?: (.*))?$/s.exec(line) ?? [];
  switch (word) {
    case "LIST":
    case "READY":
    case "QUIT":
    case "FEATURES":
      return line === word
        ? { kind: ALONE[word] }
        : { kind: "malformed", problem: `${word} stands alone` };
    case "GET":
    case "SHA256":
      return rest === ""
        ? { kind: "malformed", problem: `${word} needs a name` }
        : { kind: word === "GET" ? "get" : "sha256", name: rest };
    case "RESUME":
    case "ZSTD": {
      const [, digits = "", name] = /^(\d+) (.+)$/s.exec(rest) ?? [];
      const offset = Number(digits);
      return name === undefined || !Number.isSafeInteger(offset)
        ? { kind: "malformed", problem: `${word} needs an offset and a name` }
        : { kind: word === "ZSTD" ? "zstd" : "resume", name, offset };
    }
    default:
      return { kind: "unknown", word };
  }
}

/** The line for `request`, with its line end. */
export function formatFileRequest(request: GoodFileRequest): string {
  switch (request.kind) {
    case "list":
    case "ready":
    case "quit":
    case "features":
      return `${request.kind.toUpperCase()}\r\n`;
    case "get":
      return `GET ${request.name}\r\n`;
    case "resume":
    case "zstd":
      return `${request.kind.toUpperCase()} ${request.offset} ${request.name}\r\n`;
    case "sha256":
      return `SHA256 ${request.name}\r\n`;
    default:
      return request satisfies never;
  }
}

/** A file that the server offers. */
export interface FileEntry {
  name: string;
  /** In bytes. */
  size: number;
}

/** A server's reply, one line each. LIST's entries and file data follow it. */
export type FileReply =
  | { kind: "files"; count: number }
  | { kind: "sending" } & FileEntry
  | { kind: "cancelled" }
  | { kind: "bye" }
  | { kind: "features"; features: string[] }
  | { kind: "sha256"; name: string; hex: string }
  | Refusal;

/** The server refused a request. The connection stays open. */
export interface Refusal {
  kind: "error";
  /** One word in capitals, for programs: `NOT_FOUND`. */
  code: string;
  /** For people. */
  text: string;
}

/**
 * Parses a server's line, such as `SENDING_FILE my notes.txt 4096`.
 *
 * @throws {ProtocolError} The line is not a valid reply.
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
      // A simple server may send text without a code.
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
 * Parses `my notes.txt 4096`. Names may hold spaces: the last word is the size.
 *
 * @throws {ProtocolError} The name or the size is missing.
 */
export function parseFileEntry(line: string): FileEntry {
  const space = line.lastIndexOf(" ");
  if (space < 1) throw unexpected(line);
  // Limit each line, so that a long list cannot fill memory.
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

/** Loads `node:crypto` on demand: it takes as long as starting Deno. */
export async function newSha256(): Promise<Hash> {
  return (await import("node:crypto")).createHash("sha256");
}
