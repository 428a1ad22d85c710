import { LineTooLongError } from "../protocol/errors.ts";
import {
  loginLine,
  loginMessage,
  type LoginWords,
} from "../protocol/login_lines.ts";
import { nicknameKey, parseNickname } from "../protocol/nickname.ts";
import { ScramServer } from "../protocol/scram.ts";
import { quote } from "../protocol/text.ts";
import { type Connection, formatEndpoint } from "../protocol/transport/mod.ts";
import { harmless, type Log } from "./log.ts";
import { LoginThrottle, TRIES } from "./login_throttle.ts";
import { counter, labelled, type Metric } from "./metrics.ts";
import type { UserFile } from "./user_file.ts";

/** What a server says to another line before the login. */
export interface OtherAnswer {
  /** With its line end; "": nothing. */
  line: string;
  /** It is its last. */
  over?: boolean;
}

/** The name that has logged in, and its last message of SCRAM. */
type Verdict = { name: string; message: string } | { problem: string };

const encoder = new TextEncoder();

/** Where the keys of the users are. */
export type Users = Pick<UserFile, "nameOf" | "keysOf">;

/** Lets in who knows the password of a name in `users`. */
export class Logins {
  readonly users: Users;
  readonly #throttle: LoginThrottle;
  readonly #log: Log;
  readonly #tries = { succeeded: 0, failed: 0 };
  #turn: Promise<unknown> = Promise.resolve();

  constructor(
    users: Users,
    { throttle = new LoginThrottle(), log }: {
      throttle?: LoginThrottle;
      log?: Log | undefined;
    } = {},
  ) {
    this.users = users;
    this.#throttle = throttle;
    this.#log = harmless(log);
  }

  metrics(): Metric[] {
    return [counter(
      "tcplab_logins_total",
      "Tries to log in, by how they went.",
      labelled("result", this.#tries),
    )];
  }

  /**
   * Talks to a client until it has logged in, and returns its name, or null
   * when it has ended, or was wrong three times. Any other line than those of
   * `words` gets the answer of `other`.
   */
  async admit(
    conn: Connection,
    words: LoginWords,
    other: (line: string) => OtherAnswer | Promise<OtherAnswer>,
  ): Promise<string | null> {
    const say = (line: string) => conn.write(encoder.encode(line));
    for (let tries = 0; tries < TRIES;) {
      const line = await readLine(conn);
      if (line === null) return null;
      if (!line.startsWith(words.first)) {
        const answer = await other(line);
        await say(answer.line);
        if (!answer.over) continue;
        break;
      }
      const first = loginMessage(words.first, line);
      const verdict = await this.#converse(first, conn, async (challenge) => {
        await say(loginLine(words.challenge, challenge));
        const answer = await readLine(conn);
        return answer === null ? null : loginMessage(words.final, answer) ?? "";
      });
      if (verdict === null) return null;
      if ("name" in verdict) {
        this.#tries.succeeded++;
        await say(loginLine(words.done, verdict.message));
        return verdict.name;
      }
      tries++;
      this.#tries.failed++;
      await say(`${words.refusal}AUTH_FAILED ${verdict.problem}\r\n`);
    }
    await conn.closeInOrder();
    return null;
  }

  /** One try. `ask` sends the challenge; null: the client has ended. */
  async #converse(
    clientFirst: string | null,
    { remoteAddr }: Connection,
    ask: (challenge: string) => Promise<string | null>,
  ): Promise<Verdict | null> {
    const find = (name: string) => this.users.keysOf(name);
    const server = await ScramServer.begin(clientFirst ?? "", find);
    if (server === null) return { problem: "That is no message of SCRAM" };
    // No name is longer than a nickname: what is kept stays small.
    const name = nicknameKey(parseNickname(server.name) ?? "");
    const key = `${remoteAddr.hostname} ${name}`;
    const pause = this.#pause(key);
    if (pause) return pause;
    const clientFinal = await ask(server.challenge);
    if (clientFinal === null) return null;
    const verdict = await this.#inTurn(() =>
      this.#judge(server, clientFinal, key)
    );
    const failed = "problem" in verdict;
    this.#log({
      event: failed ? "login-failed" : "login",
      peer: formatEndpoint(remoteAddr),
      name: failed ? quote(server.name) : verdict.name,
    });
    return verdict;
  }

  async #judge(
    server: ScramServer,
    clientFinal: string,
    key: string,
  ): Promise<Verdict> {
    // Who began many tries at once has got here with all of them.
    const pause = this.#pause(key);
    if (pause) return pause;
    const message = await server.finish(clientFinal);
    const name = this.users.nameOf(server.name);
    if (message === null || name === null) {
      this.#throttle.failed(key);
      return { problem: "Wrong name or password" };
    }
    this.#throttle.succeeded(key);
    return { name, message };
  }

  #pause(key: string): { problem: string } | null {
    const seconds = Math.ceil(this.#throttle.waitMs(key) / 1000);
    return seconds === 0
      ? null
      : { problem: `Too many tries for this name: wait ${seconds} s` };
  }

  /** One at a time, so that each counts before the next is looked at. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(work);
    this.#turn = done.catch(() => {});
    return done;
  }
}

/** One that is too long is a line like any other that is no login. */
async function readLine(conn: Connection): Promise<string | null> {
  try {
    return await conn.readLine();
  } catch (error) {
    if (!(error instanceof LineTooLongError)) throw error;
    return "";
  }
}
