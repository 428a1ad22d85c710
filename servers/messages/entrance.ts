import { CHAT_LOGIN } from "../../protocol/login_lines.ts";
import {
  formatServerLine,
  parseClientLine,
  type ServerLine,
} from "../../protocol/messages.ts";
import type { Connection } from "../../protocol/transport/connection.ts";
import { Countdown, TimeoutError } from "../../protocol/transport/deadline.ts";
import type { Logins, OtherAnswer } from "../logins.ts";

/** A stranger takes up a place of those who talk for no longer, in ms. */
const LOGIN_MS = 30_000;

/**
 * Talks to a client that has to log in before it joins, and returns its name;
 * null: it has left, or was turned away.
 */
export async function enter(
  conn: Connection,
  logins: Logins,
  signal: AbortSignal,
): Promise<string | null> {
  const say = (line: ServerLine) =>
    conn.write(new TextEncoder().encode(lineOf(line)));
  const onStop = () => {
    const close = () => conn.close(signal.reason);
    void say({ type: "shutdown" }).then(close, close);
  };
  signal.addEventListener("abort", onStop);
  using _ = Countdown.after(
    LOGIN_MS,
    () => conn.close(new TimeoutError("total", LOGIN_MS)),
  );
  try {
    conn.setNoDelay();
    await say({ type: "stranger" });
    return await logins.admit(conn, CHAT_LOGIN, answerStranger);
  } finally {
    signal.removeEventListener("abort", onStop);
  }
}

function answerStranger(line: string): OtherAnswer {
  switch (parseClientLine(line).type) {
    case "quit":
      return { line: lineOf({ type: "goodbye" }), over: true };
    case "empty":
      return { line: "" };
  }
  const refusal = { type: "auth-required" } as const;
  return { line: lineOf({ type: "refused", refusal }) };
}

function lineOf(line: ServerLine): string {
  return `${formatServerLine(line)}\r\n`;
}
