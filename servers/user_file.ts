import { decodeBase64, encodeBase64 } from "@std/encoding/base64";
import { nicknameKey, parseNickname } from "../protocol/nickname.ts";
import {
  HASH_BYTES,
  type ScramKeys,
  standInKeys,
} from "../protocol/scram_keys.ts";

/** Who may log in: a nickname of exercise 7, and keys in place of a password. */
export interface User extends ScramKeys {
  name: string;
}

/** A line of the file is no user, or the second of that name. */
export class UserFileError extends Error {
  override name = "UserFileError";
}

/** The users of a file, each under the key of the name. */
export type UserTable = Map<string, User>;

const LINE =
  /^(\S+) ([A-Za-z0-9+/]+=*) ([1-9]\d{0,9}) ([A-Za-z0-9+/]{43}=) ([A-Za-z0-9+/]{43}=)$/;

/**
 * One line a user: the name, the salt in base64, the rounds, the stored key and
 * the server key in base64.
 *
 * @throws {UserFileError} It says which line.
 */
export function parseUsers(text: string): UserTable {
  const users: UserTable = new Map();
  for (const [i, line] of text.split(/\r?\n/).entries()) {
    if (line === "") continue;
    const [, name = "", salt, iterations, stored, server] = LINE.exec(line) ??
      [];
    const nickname = parseNickname(name);
    if (nickname === null) {
      throw new UserFileError(`Line ${i + 1} is not a user`);
    }
    const key = nicknameKey(nickname);
    if (users.has(key)) {
      throw new UserFileError(`Line ${i + 1} has the name of another line`);
    }
    users.set(key, {
      name: nickname,
      salt: decodeBase64(salt!),
      iterations: Number(iterations),
      storedKey: decodeBase64(stored!),
      serverKey: decodeBase64(server!),
    });
  }
  return users;
}

/** The same as text; a table in another order is another file. */
export function formatUsers(users: UserTable): string {
  const lines = [...users.values()].map((
    { name, salt, iterations, storedKey, serverKey },
  ) =>
    [
      name,
      encodeBase64(salt),
      iterations,
      encodeBase64(storedKey),
      encodeBase64(serverKey),
    ].join(" ") + "\n"
  );
  return lines.join("");
}

/** A user file that is read again when it has changed. */
export class UserFile {
  readonly #path: string;
  readonly #secret = crypto.getRandomValues(new Uint8Array(HASH_BYTES));
  #users: UserTable;
  #version: string;

  /**
   * @throws {UserFileError} What is there is no user file.
   * @throws {Deno.errors.NotFound} Nothing is there.
   */
  constructor(path: string) {
    this.#path = path;
    this.#version = this.#currentVersion();
    this.#users = parseUsers(Deno.readTextFileSync(path));
  }

  /** How `name` is written in the file; null: there is no such user. */
  nameOf(name: string): string | null {
    return this.#users.get(nicknameKey(name))?.name ?? null;
  }

  /**
   * The keys of `name`. One that is not there gets keys that look like those
   * of another user, made with the same work, and no password fits them.
   */
  async keysOf(name: string): Promise<ScramKeys> {
    this.#readAgain();
    const key = nicknameKey(name);
    const others = [...this.#users.values()];
    const standIn = await standInKeys(this.#secret, key, others);
    return this.#users.get(key) ?? standIn;
  }

  /** A file that cannot be read changes nothing: who was a user still is. */
  #readAgain(): void {
    try {
      const version = this.#currentVersion();
      if (version === this.#version) return;
      this.#users = parseUsers(Deno.readTextFileSync(this.#path));
      this.#version = version;
    } catch {
      // The next login tries again.
    }
  }

  #currentVersion(): string {
    const { ino, size, mtime } = Deno.statSync(this.#path);
    return [ino, size, mtime?.getTime()].join();
  }
}
