/** The lines of exercise 8 as values, and names that are no paths. */
import { assertEquals, assertThrows } from "@std/assert";
import { ProtocolError } from "../protocol/errors.ts";
import { parseChunkLine } from "../protocol/file_chunks.ts";
import {
  fileNameProblem,
  type FileReply,
  type FileRequest,
  formatFileEntry,
  formatFileReply,
  formatFileRequest,
  type GoodFileRequest,
  parseFileEntry,
  parseFileReply,
  parseFileRequest,
} from "../protocol/files.ts";
import { quote } from "../protocol/text.ts";
import { LineReader } from "../protocol/transport/line_reader.ts";
import { bytesOf, chunkings, readerOf } from "./support/chunkings.ts";
import { ROOT } from "./support/script.ts";

const HEX = "edeaaff3f1774ad2888673770c6d64097e391bc362d7d6fb34982ddf0efd18cb";

const REQUESTS: [line: string, request: GoodFileRequest][] = [
  ["LIST", { kind: "list" }],
  ["READY", { kind: "ready" }],
  ["QUIT", { kind: "quit" }],
  ["FEATURES", { kind: "features" }],
  ["GET hello.txt", { kind: "get", name: "hello.txt" }],
  ["GET my notes.txt", { kind: "get", name: "my notes.txt" }],
  ["GET  two  spaces ", { kind: "get", name: " two  spaces " }],
  ["GET mañana 😀", { kind: "get", name: "mañana 😀" }],
  ["GET ../x", { kind: "get", name: "../x" }],
  ["GET 10 a", { kind: "get", name: "10 a" }],
  ["SHA256 my notes.txt", { kind: "sha256", name: "my notes.txt" }],
  ["RESUME 0 a", { kind: "resume", offset: 0, name: "a" }],
  ["RESUME 10 my notes", { kind: "resume", offset: 10, name: "my notes" }],
  ["RESUME 10 20 a", { kind: "resume", offset: 10, name: "20 a" }],
  ["ZSTD 10 my notes", { kind: "zstd", offset: 10, name: "my notes" }],
  ["RESUME 9007199254740991 a", {
    kind: "resume",
    offset: Number.MAX_SAFE_INTEGER,
    name: "a",
  }],
];

for (const [line, request] of REQUESTS) {
  Deno.test(`"${line}" is read and written as one request`, async () => {
    for (const { name, chunks } of chunkings(bytesOf(`${line}\r\n`))) {
      const read = await new LineReader(readerOf(chunks)).readLine();
      assertEquals(parseFileRequest(read!), request, name);
    }
    assertEquals(formatFileRequest(request), `${line}\r\n`);
  });
}

const BAD_REQUESTS: [line: string, request: FileRequest][] = [
  ["", { kind: "unknown", word: "" }],
  [" ", { kind: "unknown", word: "" }],
  ["HELLO", { kind: "unknown", word: "HELLO" }],
  ["list", { kind: "unknown", word: "list" }],
  ["LISTx", { kind: "unknown", word: "LISTx" }],
  [" LIST", { kind: "unknown", word: "" }],
  ["GET\tx", { kind: "unknown", word: "" }],
  ["\0", { kind: "unknown", word: "\0" }],
  ["LIST ", { kind: "malformed", problem: "LIST stands alone" }],
  ["LIST x", { kind: "malformed", problem: "LIST stands alone" }],
  ["READY x", { kind: "malformed", problem: "READY stands alone" }],
  ["QUIT now", { kind: "malformed", problem: "QUIT stands alone" }],
  ["FEATURES 1", { kind: "malformed", problem: "FEATURES stands alone" }],
  ["GET", { kind: "malformed", problem: "GET needs a name" }],
  ["GET ", { kind: "malformed", problem: "GET needs a name" }],
  ["SHA256", { kind: "malformed", problem: "SHA256 needs a name" }],
];

for (const [line, request] of BAD_REQUESTS) {
  Deno.test(`${JSON.stringify(line)} is a bad request, and a value`, () => {
    assertEquals(parseFileRequest(line), request);
  });
}

Deno.test("RESUME needs an offset that a number can hold, and a name", () => {
  const problem = "RESUME needs an offset and a name";
  const words = ["", "1", "1 ", "a b", "-1 a", "1.5 a", "0x1 a", "1e3 a"];
  for (const rest of [...words, " 1 a", "9007199254740992 a"]) {
    const request = parseFileRequest(`RESUME ${rest}`);
    assertEquals(request, { kind: "malformed", problem }, rest);
  }
});

const REPLIES: [line: string, reply: FileReply][] = [
  ["FILES 0", { kind: "files", count: 0 }],
  ["FILES 10000", { kind: "files", count: 10000 }],
  ["SENDING_FILE a 0", { kind: "sending", name: "a", size: 0 }],
  ["SENDING_FILE my notes.txt 4096", {
    kind: "sending",
    name: "my notes.txt",
    size: 4096,
  }],
  ["SENDING_FILE 1 2 3", { kind: "sending", name: "1 2", size: 3 }],
  ["SENDING_FILE a  5", { kind: "sending", name: "a ", size: 5 }],
  ["CANCELLED", { kind: "cancelled" }],
  ["BYE", { kind: "bye" }],
  ["FEATURES", { kind: "features", features: [] }],
  ["FEATURES RESUME SHA256", {
    kind: "features",
    features: ["RESUME", "SHA256"],
  }],
  [`SHA256 ${HEX} a b`, { kind: "sha256", hex: HEX, name: "a b" }],
  ["ERROR NOT_FOUND No such file", {
    kind: "error",
    code: "NOT_FOUND",
    text: "No such file",
  }],
];

for (const [line, reply] of REPLIES) {
  Deno.test(`"${line.slice(0, 30)}" is read and written as one reply`, async () => {
    for (const { name, chunks } of chunkings(bytesOf(`${line}\r\n`))) {
      const read = await new LineReader(readerOf(chunks)).readLine();
      assertEquals(parseFileReply(read!), reply, name);
    }
    assertEquals(formatFileReply(reply), `${line}\r\n`);
  });
}

Deno.test("parseFileReply() takes errors without a code, and hex in capitals", () => {
  const error = (code: string, text: string) => ({ kind: "error", code, text });
  assertEquals(
    parseFileReply("ERROR file not found"),
    error("", "file not found") as FileReply,
  );
  assertEquals(parseFileReply("ERROR"), error("", "") as FileReply);
  assertEquals(parseFileReply("ERROR E1"), error("E1", "") as FileReply);
  assertEquals(
    parseFileReply(`SHA256 ${HEX.toUpperCase()} a`),
    { kind: "sha256", hex: HEX, name: "a" },
  );
});

const NO_REPLIES = [
  ...["", "HELLO", "bye", "FILES", "FILES x", "FILES -1", "FILES 1.5"],
  ...["FILES 1e3", "FILES 9007199254740992", "FILES 1 2"],
  ...["SENDING_FILE", "SENDING_FILE a", "SENDING_FILE 5", "SENDING_FILE  5"],
  ...["SENDING_FILE a -5", "SENDING_FILE a 5 ", "SENDING_FILE a 0x5"],
  ...["SHA256 abc a", `SHA256 ${HEX}`, `SHA256 ${HEX}0 a`],
  ...[`SHA256 ${HEX.replace("e", "g")} a`, "HTTP/1.1 400 Bad Request"],
];

for (const line of NO_REPLIES) {
  Deno.test(`parseFileReply() throws for ${quote(line)}`, () => {
    assertThrows(() => parseFileReply(line), ProtocolError);
  });
}

Deno.test("an entry's last word is its size, whatever the name", () => {
  for (const name of ["a", "a b", "1", "1 2", "ñ", "a ", "  ", "5 GB"]) {
    const entry = { name, size: 4096 };
    assertEquals(formatFileEntry(entry), `${name} 4096\r\n`);
    assertEquals(parseFileEntry(`${name} 4096`), entry);
  }
  for (const line of ["", "a", " 5", "a b", "a 5 ", "a +5"]) {
    assertThrows(() => parseFileEntry(line), ProtocolError);
  }
});

const NAMES = [
  ...["a", "hello.txt", "my notes.txt", "mañana.txt", "😀", "a..b", "a.", "~"],
  ...["%2e%2e", "%2e%2e%2fx", "C", "C.txt", "12:30", "-rf", "*", " a ", "$(x)"],
  "x".repeat(255),
];

const NO_NAMES: [name: string, problem: string][] = [
  ["", "is empty"],
  [".", "begins with a dot"],
  ["..", "begins with a dot"],
  [".hidden", "begins with a dot"],
  ["../x", "is a path"],
  ["a/../../x", "is a path"],
  ["/etc/passwd", "is a path"],
  ["a/b", "is a path"],
  ["a/", "is a path"],
  ["..\\x", "is a path"],
  ["a\\b", "is a path"],
  ["\\\\server\\share", "is a path"],
  ["C:", "begins with a drive letter"],
  ["c:x", "begins with a drive letter"],
  ["C:/x", "is a path"],
  ["a\0b", "has a control character"],
  ["\0", "has a control character"],
  ["a\rb", "has a control character"],
  ["a\nb", "has a control character"],
  ["a\tb", "has a control character"],
  ["\x1b[2J", "has a control character"],
  ["a\x7f", "has a control character"],
  ["a\x9bb", "has a control character"],
  ["x".repeat(256), "is longer than 255 bytes"],
  ["ñ".repeat(128), "is longer than 255 bytes"],
];

Deno.test("fileNameProblem() finds none in a name", () => {
  for (const name of NAMES) assertEquals(fileNameProblem(name), null, name);
});

for (const [name, problem] of NO_NAMES) {
  Deno.test(`fileNameProblem() refuses ${quote(name)}: it ${problem}`, () => {
    assertEquals(fileNameProblem(name), problem);
  });
}

Deno.test("quote() keeps a sentence on one line, and short", () => {
  assertEquals(quote('a "b"\r\n'), '"a \\"b\\"\\r\\n"');
  assertEquals(quote("x".repeat(60)), `"${"x".repeat(60)}"`);
  assertEquals(quote("x".repeat(61)), `"${"x".repeat(60)}..."`);
});

Deno.test("each line of the protocol page's transcripts is one that is read", async () => {
  const page = await Deno.readTextFile(new URL("protocol/README.md", ROOT));
  const section = page.slice(page.indexOf("## Files, exercise 8"));
  const lines = [...section.matchAll(/^([CS]): ([A-Z][A-Z0-9_]+.*)$/gm)];
  assertEquals(lines.length > 15, true, "the transcripts were not found");
  for (const [, who, line] of lines) {
    if (line!.startsWith("CHUNK")) parseChunkLine(line!);
    else if (who === "S") parseFileReply(line!);
    else if (line !== "NO") {
      const { kind } = parseFileRequest(line!);
      assertEquals(["malformed", "unknown"].includes(kind), false, line);
    }
  }
});
