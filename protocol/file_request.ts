/** What a client says: one line each. What it must not say is a value too. */
export type FileRequest =
  | { kind: "list" }
  | { kind: "get"; name: string }
  | { kind: "ready" }
  | { kind: "quit" }
  | { kind: "features" }
  | { kind: "resume"; name: string; offset: number }
  | { kind: "sha256"; name: string }
  | BadRequest;

/** A line that no client should send. It has an answer all the same. */
type BadRequest =
  | { kind: "malformed"; problem: string }
  | { kind: "unknown"; word: string };

/** What a client may send. */
export type GoodFileRequest = Exclude<FileRequest, BadRequest>;

/** The words that stand alone. */
const ALONE = {
  LIST: "list",
  READY: "ready",
  QUIT: "quit",
  FEATURES: "features",
} as const;

/** Reads a client's line, such as `GET my notes.txt`. */
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
    case "RESUME": {
      const [, digits = "", name] = /^(\d+) (.+)$/s.exec(rest) ?? [];
      const offset = Number(digits);
      return name === undefined || !Number.isSafeInteger(offset)
        ? { kind: "malformed", problem: "RESUME needs an offset and a name" }
        : { kind: "resume", name, offset };
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
      return `RESUME ${request.offset} ${request.name}\r\n`;
    case "sha256":
      return `SHA256 ${request.name}\r\n`;
    default:
      return request satisfies never;
  }
}
