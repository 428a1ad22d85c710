import {
  type FileEntry,
  type FileReply,
  formatFileRequest,
  type GoodFileRequest,
  parseFileEntry,
  parseFileReply,
  type Refusal,
} from "../../protocol/files.ts";
import {
  type Connection,
  isReset,
  ProtocolError,
  TimeoutError,
  UnexpectedEndError,
} from "../../protocol/transport/mod.ts";

/** A list is kept in memory: what is longer than this is no folder. */
const MAX_ENTRIES = 1_000_000;
const MAX_LIST_LENGTH = 64 * 1024 * 1024;

/** For its hash the server may have to read a file, and no faster than this. */
const SLOW_DISK_BYTES_PER_MS = 10_000;

/** A file that has come: exactly the bytes that were announced. */
export interface Fetched {
  kind: "fetched";
  size: number;
  /** How many bytes came now: fewer than `size` behind a beginning. */
  received: number;
  /** What came of them on the wire, compressed; null: they came as they are. */
  compressed: number | null;
  /** In hex; null when nothing was there to compare it with. */
  sha256: string | null;
  /** Whether the server's hash is the same; null: not compared. */
  same: boolean | null;
}

/** What became of a file that was asked for. The server's no is a value. */
export type Outcome = Fetched | Refusal;

/**
 * Questions to a file server, and their answers: see protocol/README.md. Its no
 * is a value; what breaks is thrown.
 *
 * Connects when there is something to ask, and again when the server has
 * dropped a connection that lay idle, or something broke in the middle.
 */
export class FileClient implements Disposable {
  readonly #connect: () => Promise<Connection>;
  #conn: Connection | null = null;
  /** Bytes or lines of an answer are still to come. */
  #unfinished = false;
  /** See `Fetched`; of the file that comes, or came last. */
  compressed: number | null = null;
  #features: ReadonlySet<string> | null = null;

  constructor(connect: () => Promise<Connection>) {
    this.#connect = connect;
  }

  /** What the server can do beyond LIST, GET and QUIT. Asked for once. */
  async features(): Promise<ReadonlySet<string>> {
    return this.#features ??= await this.askFeatures();
  }

  /** Asks now: who is out of step with the server gets no such answer. */
  async askFeatures(): Promise<ReadonlySet<string>> {
    const reply = await this.ask({ kind: "features" }, "features");
    // A plain server does not know the word.
    return new Set(reply.kind === "error" ? [] : reply.features);
  }

  async list(): Promise<{ kind: "listing"; files: FileEntry[] } | Refusal> {
    const reply = await this.ask({ kind: "list" }, "files");
    if (reply.kind === "error") return reply;
    const { count } = reply;
    if (count > MAX_ENTRIES) throw new ProtocolError(`It has ${count} files`);
    const files: FileEntry[] = [];
    for (let length = 0; files.length < count;) {
      const line = await this.readLine();
      length += line.length;
      if (length > MAX_LIST_LENGTH) throw new ProtocolError("It never ends");
      files.push(parseFileEntry(line));
    }
    await this.finish();
    return { kind: "listing", files };
  }

  /** The SHA-256 of `name` in hex; `size` tells how long that may take. */
  async hashOf(name: string, size: number): Promise<Answer<"sha256">> {
    const patienceMs = Math.ceil(size / SLOW_DISK_BYTES_PER_MS);
    const request = { kind: "sha256", name } as const;
    const reply = await this.ask(request, "sha256", patienceMs);
    if (reply.kind === "sha256" && reply.name !== name) {
      throw new ProtocolError("It tells the SHA-256 of another file");
    }
    return reply;
  }

  /**
   * Sends one line, and reads the line that answers it, which must be of that
   * kind, or a no. The server may take `patienceMs` longer than is usual.
   *
   * @throws {ProtocolError} It is another answer, or none.
   */
  async ask<K extends FileReply["kind"]>(
    request: GoodFileRequest,
    kind: K,
    patienceMs = 0,
  ): Promise<Answer<K>> {
    if (this.#unfinished) this.close();
    const idle = this.#conn;
    try {
      if (this.#conn === null) await this.#open();
      const reply = await this.#exchange(request, kind, patienceMs);
      this.#unfinished = reply.kind === "sending" || reply.kind === "files";
      return reply;
    } catch (error) {
      this.close();
      // Dropped for being idle: that is no answer, and we can ask again.
      if (idle === null || !isGone(error)) throw error;
    }
    return await this.ask(request, kind, patienceMs);
  }

  /** Sends one line that is not answered with a line: READY. */
  async say(request: GoodFileRequest): Promise<void> {
    const line = formatFileRequest(request);
    await this.#conn!.write(new TextEncoder().encode(line));
  }

  /** Reads bytes that were announced, a part at a time; null at the end. */
  read(buffer: Uint8Array): Promise<number | null> {
    return this.#conn!.read(buffer);
  }

  /** Reads the next line of an answer. */
  protected async readLine(): Promise<string> {
    const line = await this.#conn!.readLine();
    if (line === null) throw new SessionEndedError("It ended the session");
    return line;
  }

  /** All of an answer has come: what comes next is a line again. */
  finish(): Promise<void> {
    this.#unfinished = false;
    return Promise.resolve();
  }

  /**
   * Says goodbye, and closes. A server that is gone by then, or says nothing,
   * is no failure: all that was asked for has come.
   */
  async quit(): Promise<void> {
    try {
      if (this.#conn === null || this.#unfinished) return;
      await this.#exchange({ kind: "quit" }, "bye");
    } catch (error) {
      if (!isGone(error) && !(error instanceof TimeoutError)) throw error;
    } finally {
      this.close();
    }
  }

  close(): void {
    this.#conn?.close();
    this.#conn = null;
    this.#unfinished = false;
  }

  [Symbol.dispose](): void {
    this.close();
  }

  /**
   * A server hashes what it sends for a client that has asked for FEATURES on
   * this connection: what was learned on the last one has to be said again.
   */
  async #open(): Promise<void> {
    this.#conn = await this.#connect();
    // An empty file is READY and the next line, with nothing in between.
    this.#conn.setNoDelay();
    if (this.#features?.size) {
      await this.#exchange({ kind: "features" }, "features");
    }
  }

  async #exchange<K extends FileReply["kind"]>(
    request: GoodFileRequest,
    kind: K,
    patienceMs = 0,
  ): Promise<Answer<K>> {
    const conn = this.#conn!;
    const { idleTimeoutMs } = conn;
    // 0 is no limit, and stays that.
    if (idleTimeoutMs > 0) conn.idleTimeoutMs += patienceMs;
    try {
      await this.say(request);
      const reply = parseFileReply(await this.readLine());
      if (reply.kind === kind || reply.kind === "error") {
        return reply as Answer<K>;
      }
      const { kind: other } = reply;
      throw new ProtocolError(`It answers with ${other} in place of ${kind}`);
    } finally {
      conn.idleTimeoutMs = idleTimeoutMs;
    }
  }
}

/** What was asked for, or the server's no. */
export type Answer<K> = Extract<FileReply, { kind: K }> | Refusal;

/** The server has ended the session, behind a whole line or run of bytes. */
class SessionEndedError extends UnexpectedEndError {
  override name = "SessionEndedError";
}

/** The server has ended the connection, with nothing left to say. */
function isGone(error: unknown): boolean {
  return error instanceof SessionEndedError || isReset(error);
}
