import {
  type FileReply,
  formatFileRequest,
  type GoodFileRequest,
  parseFileReply,
} from "../../protocol/files.ts";
import {
  type Connection,
  UnexpectedEndError,
} from "../../protocol/transport/mod.ts";

/** The server has ended the session, behind a whole line or run of bytes. */
export class SessionEndedError extends UnexpectedEndError {
  override name = "SessionEndedError";
}

/**
 * Says one thing, and reads the line that answers it. The peer may keep us
 * waiting for `patienceMs` longer than is usual.
 */
export async function exchange(
  conn: Connection,
  request: GoodFileRequest,
  patienceMs = 0,
): Promise<FileReply> {
  const { idleTimeoutMs } = conn;
  // 0 is no limit, and stays that.
  if (idleTimeoutMs > 0) conn.idleTimeoutMs += patienceMs;
  try {
    await say(conn, request);
    return parseFileReply(await readLine(conn));
  } finally {
    conn.idleTimeoutMs = idleTimeoutMs;
  }
}

/** Says one thing. */
export async function say(
  conn: Connection,
  request: GoodFileRequest,
): Promise<void> {
  await conn.write(new TextEncoder().encode(formatFileRequest(request)));
}

/**
 * The next line of an answer.
 *
 * @throws {SessionEndedError} There is no more.
 */
export async function readLine(conn: Connection): Promise<string> {
  const line = await conn.readLine();
  if (line === null) throw new SessionEndedError("It ended the session");
  return line;
}
