import { UnexpectedEndError } from "../../protocol/errors.ts";
import { type FileReply, parseFileReply } from "../../protocol/file_reply.ts";
import {
  formatFileRequest,
  type GoodFileRequest,
} from "../../protocol/file_request.ts";
import { LineReader } from "../../protocol/line_reader.ts";
import { writeAll, type Writer } from "../../protocol/write_all.ts";
import type { Connection } from "../../servers/connection.ts";
import { receive, type ReceiveOptions } from "./receive.ts";

/** The server has ended the session, behind a whole line or run of bytes. */
export class SessionEndedError extends UnexpectedEndError {
  override name = "SessionEndedError";
}

/** One connection to a file server: lines, and bytes between them. */
export class FileLink implements Disposable {
  readonly #conn: Connection;
  readonly #lines: LineReader;

  constructor(conn: Connection) {
    // An empty file is READY and the next line, with nothing in between.
    conn.setNoDelay();
    this.#conn = conn;
    this.#lines = new LineReader(conn);
  }

  /** Says one thing, and reads the line that answers it. */
  async ask(request: GoodFileRequest): Promise<FileReply> {
    await this.#say(request);
    return parseFileReply(await this.readLine());
  }

  /** @throws {SessionEndedError} There is no more. */
  async readLine(): Promise<string> {
    const line = await this.#lines.readLine();
    if (line === null) throw new SessionEndedError("It ended the session");
    return line;
  }

  /** Takes `length` bytes that were announced, and not one more. */
  async receive(
    length: number,
    target: Writer,
    options: ReceiveOptions,
  ): Promise<void> {
    await this.#say({ kind: "ready" });
    await receive(this.#lines, target, length, options);
  }

  /** Lets the peer keep us waiting for `ms` more, while `action` goes on. */
  async withPatience<T>(ms: number, action: () => Promise<T>): Promise<T> {
    const { idleTimeoutMs } = this.#conn;
    this.#conn.idleTimeoutMs += ms;
    try {
      return await action();
    } finally {
      this.#conn.idleTimeoutMs = idleTimeoutMs;
    }
  }

  [Symbol.dispose](): void {
    this.#conn.close();
  }

  async #say(request: GoodFileRequest): Promise<void> {
    const line = formatFileRequest(request);
    await writeAll(this.#conn, new TextEncoder().encode(line));
  }
}
