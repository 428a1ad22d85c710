import { UnexpectedEndError } from "../../protocol/errors.ts";
import {
  type FileReply,
  formatFileRequest,
  type GoodFileRequest,
  parseFileReply,
} from "../../protocol/files.ts";
import type { Connection } from "../../protocol/transport/connection.ts";
import type { Writer } from "../../protocol/transport/socket.ts";
import { receive, type ReceiveOptions } from "./receive.ts";

/** The server has ended the session, behind a whole line or run of bytes. */
export class SessionEndedError extends UnexpectedEndError {
  override name = "SessionEndedError";
}

/** One connection to a file server: lines, and bytes between them. */
export class FileLink implements Disposable {
  readonly #conn: Connection;

  constructor(conn: Connection) {
    // An empty file is READY and the next line, with nothing in between.
    conn.setNoDelay();
    this.#conn = conn;
  }

  /**
   * Says one thing, and reads the line that answers it. The peer may keep us
   * waiting for `patienceMs` longer than is usual.
   */
  async ask(request: GoodFileRequest, patienceMs = 0): Promise<FileReply> {
    const { idleTimeoutMs } = this.#conn;
    // 0 is no limit, and stays that.
    if (idleTimeoutMs > 0) this.#conn.idleTimeoutMs += patienceMs;
    try {
      await this.#say(request);
      return parseFileReply(await this.readLine());
    } finally {
      this.#conn.idleTimeoutMs = idleTimeoutMs;
    }
  }

  /** @throws {SessionEndedError} There is no more. */
  async readLine(): Promise<string> {
    const line = await this.#conn.readLine();
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
    await receive(this.#conn, target, length, options);
  }

  [Symbol.dispose](): void {
    this.#conn.close();
  }

  async #say(request: GoodFileRequest): Promise<void> {
    const line = formatFileRequest(request);
    await this.#conn.write(new TextEncoder().encode(line));
  }
}
