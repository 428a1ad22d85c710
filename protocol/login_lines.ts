import { fromWord, MECHANISM, toWord } from "./scram_messages.ts";

/**
 * What the lines of a login begin with; a message of SCRAM follows, in base64.
 * After `refusal` comes a code and a text.
 */
export interface LoginWords {
  /** From the client, one after the other. */
  first: string;
  final: string;
  /** From the server, one after each. */
  challenge: string;
  done: string;
  refusal: string;
}

/** AUTH, of exercise 8. */
export const FILE_LOGIN: LoginWords = {
  first: `AUTH ${MECHANISM} `,
  final: "",
  challenge: "+ ",
  done: "OK ",
  refusal: "ERROR ",
};

/** `/auth`, of exercise 7. */
export const CHAT_LOGIN: LoginWords = {
  first: `/auth ${MECHANISM} `,
  final: "/auth ",
  challenge: "* AUTH + ",
  done: "* AUTH OK ",
  refusal: "! ",
};

/** The line, with its line end. */
export function loginLine(words: string, message: string): string {
  return `${words}${toWord(message)}\r\n`;
}

/** The message in a line; null: it is no such line. */
export function loginMessage(words: string, line: string): string | null {
  return line.startsWith(words) ? fromWord(line.slice(words.length)) : null;
}
