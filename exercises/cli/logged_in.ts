import { ProtocolError, UnexpectedEndError } from "../../protocol/errors.ts";
import {
  loginLine,
  loginMessage,
  type LoginWords,
} from "../../protocol/login_lines.ts";
import { MAX_SERVER_LINE_BYTES } from "../../protocol/messages.ts";
import { ScramClient } from "../../protocol/scram.ts";
import { quote } from "../../protocol/text.ts";
import { Connection } from "../../protocol/transport/connection.ts";
import type { Connect } from "../../protocol/transport/socket.ts";
import { ExerciseError } from "./outcome.ts";

export interface Credentials {
  name: string;
  password: string;
  /** Of the protocol that is spoken there. */
  words: LoginWords;
}

/**
 * `connect`, whose connections have logged in. What has come behind the login
 * is read from them as if it had been the first.
 *
 * @throws {ExerciseError} (on connecting) The server does not let us in.
 * @throws {ProtocolError} It does not know the password itself: it poses as the
 * server.
 */
export function loggedIn(connect: Connect, credentials: Credentials): Connect {
  return async (options) => {
    const { signal } = options;
    const maxLineBytes = MAX_SERVER_LINE_BYTES;
    const conn = new Connection(await connect(options), { maxLineBytes });
    // For the login only: what follows has clocks of its own.
    const onAbort = () => conn.close(signal?.reason);
    signal?.addEventListener("abort", onAbort);
    try {
      if (signal?.aborted) onAbort();
      await logIn(conn, credentials);
      return conn;
    } catch (error) {
      conn.close();
      throw error;
    } finally {
      signal?.removeEventListener("abort", onAbort);
    }
  };
}

async function logIn(
  conn: Connection,
  { name, password, words }: Credentials,
): Promise<void> {
  const client = new ScramClient(name, password);
  const say = async (word: string, message: string) => {
    await conn.write(new TextEncoder().encode(loginLine(word, message)));
  };
  /** What follows `word` in the next line that is none of the greeting. */
  const hear = async (word: string) => {
    for (;;) {
      const line = await conn.readLine();
      if (line === null) throw new UnexpectedEndError("It ended the login");
      if (line.startsWith(words.refusal)) {
        throw refused(name, line.slice(words.refusal.length));
      }
      const message = loginMessage(word, line);
      if (message !== null) return message;
      if (line.startsWith(word) || !/^[*<]/.test(line)) {
        throw new ProtocolError(`Unexpected answer ${quote(line)}`);
      }
    }
  };
  await say(words.first, client.first);
  await say(words.final, await client.final(await hear(words.challenge)));
  client.verify(await hear(words.done));
}

function refused(name: string, why: string): ExerciseError {
  const reason = why.replace(/^[A-Z][A-Z0-9_]* /, "");
  return new ExerciseError(
    /^unknown.command/i.test(why)
      ? `The server knows no logins (${reason}): leave out --login`
      : `The server does not let ${quote(name)} in: ${reason}`,
  );
}
