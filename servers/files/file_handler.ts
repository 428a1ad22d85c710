import { LineTooLongError } from "../../protocol/errors.ts";
import { loadZstd, type Zstd } from "../../protocol/file_chunks.ts";
import {
  type FileReply,
  type FileRequest,
  formatFileReply,
  parseFileRequest,
} from "../../protocol/files.ts";
import { FILE_LOGIN } from "../../protocol/login_lines.ts";
import { MECHANISM } from "../../protocol/scram_messages.ts";
import { counted, printable, quote } from "../../protocol/text.ts";
import { formatEndpoint } from "../../protocol/transport/address.ts";
import type { Connection } from "../../protocol/transport/connection.ts";
import { harmless, type Log } from "../log.ts";
import type { Handler } from "../clients.ts";
import type { Logins, OtherAnswer } from "../logins.ts";
import type { Metrics } from "../metrics.ts";
import { FileHashes } from "./file_hashes.ts";
import { FileLists } from "./file_lists.ts";
import { fileMetrics } from "./file_metrics.ts";
import { FileSender, type SentCounts } from "./file_sender.ts";
import type { SharedFolder } from "./shared_folder.ts";
import { workFor } from "./work_for.ts";

/** What this server can do beyond the plain commands. */
async function listFeatures(): Promise<string[]> {
  const features = ["RESUME", "SHA256"];
  return await loadZstd() === null ? features : [...features, "ZSTD"];
}

export interface FilesOptions {
  hashes?: FileHashes;
  /** Serves only who logs in. */
  logins?: Logins | undefined;
  log?: Log;
  metrics?: Metrics | undefined;
}

/** The file server of exercise 8 over `folder`: see protocol/README.md. */
export function filesHandler(
  folder: SharedFolder,
  { hashes = new FileHashes(), logins, log, metrics }: FilesOptions = {},
): Handler {
  const lists = new FileLists(folder);
  const sent = { files: 0, bytes: 0 };
  const service = { folder, lists, hashes, sent, log: harmless(log) };
  metrics?.add(() => fileMetrics(service));
  if (logins) metrics?.add(() => logins.metrics());
  return async (conn) => {
    conn.setNoDelay();
    const session = new FileSession(service, conn);
    if (!logins || await session.logIn(logins)) await session.run();
  };
}

/** What all connections of one file server share. */
interface FileService {
  folder: SharedFolder;
  lists: FileLists;
  hashes: FileHashes;
  sent: SentCounts;
  log: Log;
}

/** One connection: reads a line, answers it, reads the next. */
class FileSession {
  readonly #service: FileService;
  readonly #conn: Connection;
  readonly #peer: string;
  readonly #sender: FileSender;

  constructor(service: FileService, conn: Connection) {
    this.#service = service;
    this.#conn = conn;
    this.#peer = formatEndpoint(conn.remoteAddr);
    this.#sender = new FileSender(service.hashes, conn, service.sent);
  }

  /** Until then FEATURES and QUIT are all there is beside AUTH. */
  async logIn(logins: Logins): Promise<boolean> {
    const answer = (line: string) => this.#answerStranger(line);
    return await logins.admit(this.#conn, FILE_LOGIN, answer) !== null;
  }

  async #answerStranger(line: string): Promise<OtherAnswer> {
    const request = this.#logged(parseFileRequest(line));
    const refuse = (code: string, text: string) => ({
      line: formatFileReply({ kind: "error", code, text }),
    });
    if (request.kind === "features") {
      this.#sender.hashing = true;
      const features = [...await listFeatures(), "AUTH"];
      return { line: formatFileReply({ kind: "features", features }) };
    }
    if (request.kind === "quit") {
      return { line: formatFileReply({ kind: "bye" }), over: true };
    }
    return request.kind === "unknown" && request.word === "AUTH"
      ? refuse("BAD_REQUEST", `AUTH needs ${MECHANISM} and its message`)
      : refuse("AUTH_REQUIRED", "Log in first: files --login <name>");
  }

  async run(): Promise<void> {
    for (;;) {
      const request = await this.#nextRequest();
      if (request === null) return;
      await this.#answer(request);
      if (request.kind === "quit") return await this.#conn.closeInOrder();
    }
  }

  /** Null at the end of input. */
  async #nextRequest(): Promise<FileRequest | null> {
    try {
      const line = await this.#conn.readLine();
      return line === null ? null : this.#logged(parseFileRequest(line));
    } catch (error) {
      if (!(error instanceof LineTooLongError)) throw error;
      return { kind: "malformed", problem: error.message };
    }
  }

  #logged(request: FileRequest): FileRequest {
    const name = "name" in request ? { name: printable(request.name) } : {};
    const entry = { event: "request", peer: this.#peer, kind: request.kind };
    this.#service.log({ level: "debug", ...entry, ...name });
    return request;
  }

  async #answer(request: FileRequest): Promise<void> {
    switch (request.kind) {
      case "list":
        await this.#conn.write(await this.#service.lists.get());
        return;
      case "get":
        return await this.#offer(request.name, 0);
      case "resume":
        return await this.#offer(request.name, request.offset);
      case "zstd": {
        const zstd = await loadZstd();
        if (zstd === null) return await this.#refuseWord("ZSTD");
        return await this.#offer(request.name, request.offset, zstd);
      }
      case "sha256":
        return await this.#tellHash(request.name);
      case "features":
        // This client may ask for the hash of what it gets from now on.
        this.#sender.hashing = true;
        return await this.#reply({
          kind: "features",
          features: await listFeatures(),
        });
      case "quit":
        return await this.#reply({ kind: "bye" });
      case "ready":
        return await this.#refuse("BAD_REQUEST", "Nothing was announced");
      case "malformed":
        return await this.#refuse("BAD_REQUEST", request.problem);
      case "unknown":
        return await this.#refuseWord(request.word);
      default:
        return request satisfies never;
    }
  }

  /**
   * Announces a file, then sends it from `offset` if the client is ready, in
   * compressed chunks if there is `zstd`.
   */
  async #offer(
    name: string,
    offset: number,
    zstd: Zstd | null = null,
  ): Promise<void> {
    const opened = await this.#service.folder.open(name);
    if (opened.kind === "error") return await this.#reply(opened);
    using shared = opened;
    const { size } = shared.info;
    if (offset > size) {
      const problem = `${quote(name)} has ${counted(size, "byte")}`;
      return await this.#refuse("BAD_OFFSET", problem);
    }
    await this.#reply({ kind: "sending", name, size });
    const answer = await this.#nextRequest();
    if (answer === null) return;
    if (answer.kind !== "ready") {
      return await this.#reply({ kind: "cancelled" });
    }
    const sent = await this.#sender.send(shared, name, offset, zstd);
    this.#service.log({
      event: "sent",
      peer: this.#peer,
      name: printable(name),
      bytes: size - offset,
      ...zstd && { compressed: sent },
    });
  }

  async #tellHash(name: string): Promise<void> {
    const hex = this.#sender.hashOfLast(name);
    if (hex !== null) return await this.#reply({ kind: "sha256", name, hex });
    const opened = await this.#service.folder.open(name);
    if (opened.kind === "error") return await this.#reply(opened);
    using shared = opened;
    const { hashes } = this.#service;
    const computed = await workFor(
      this.#conn,
      (signal) => hashes.compute(shared, signal),
    );
    await this.#reply({ kind: "sha256", name, hex: computed });
  }

  async #refuseWord(word: string): Promise<void> {
    await this.#refuse("UNKNOWN_COMMAND", `Unknown command ${quote(word)}`);
  }

  async #refuse(code: string, text: string): Promise<void> {
    await this.#reply({ kind: "error", code, text });
  }

  async #reply(reply: FileReply): Promise<void> {
    const line = new TextEncoder().encode(formatFileReply(reply));
    await this.#conn.write(line);
  }
}
