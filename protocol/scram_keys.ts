import { concat } from "@std/bytes/concat";
import type { Bytes } from "./scram_messages.ts";

/**
 * What a server keeps of a password (RFC 5802, section 3). Whoever steals it
 * can pose as the server, and can try passwords; to log in it is not enough.
 */
export interface ScramKeys {
  salt: Bytes;
  /** Rounds of PBKDF2: what each try costs whoever guesses. */
  iterations: number;
  storedKey: Bytes;
  serverKey: Bytes;
}

/** RFC 7677, section 4: "at least 4096". */
export const MIN_ITERATIONS = 4096;
/** A server that asks for more would keep its clients busy: some seconds. */
export const MAX_ITERATIONS = 10_000_000;
/** What a new user gets: a fifth of a second for the client, none for us. */
export const DEFAULT_ITERATIONS = 600_000;

const SALT_BYTES = 16;
export const HASH_BYTES = 32;

const encoder = new TextEncoder();

/** RFC 4013, 2.1: spaces of all kinds, and what is mapped to nothing. */
const SPACES = /\p{Zs}/gu;
const NOTHING =
  /[\u00ad\u034f\u1806\u180b-\u180d\u200b-\u200d\u2060\ufe00-\ufe0f\ufeff]/gu;
/** RFC 4013, 2.3: controls, private use, no characters, changes of direction. */
const FORBIDDEN =
  /[\p{Cc}\p{Co}\p{Cs}\p{Noncharacter_Code_Point}\u2028\u2029\ufff9-\ufffd\u200e\u200f\u202a-\u202e\u206a-\u206f]/u;

/**
 * A password as it is hashed: SASLprep (RFC 4013) without its two last checks,
 * of the direction of letters, and of code points that Unicode 3.2 had not
 * assigned. So an ñ is the same however a keyboard makes it.
 */
export function preparePassword(password: string): string {
  return password.replace(NOTHING, "").replace(SPACES, " ").normalize("NFKC");
}

/** Why `password` cannot be one, as a phrase (`is empty`); null: it can. */
export function passwordProblem(password: string): string | null {
  const prepared = preparePassword(password);
  if (prepared === "") return "is empty";
  return FORBIDDEN.test(prepared) ? "has a control character" : null;
}

/** The one slow step, by intention. */
export async function saltedPassword(
  password: string,
  { salt, iterations }: Pick<ScramKeys, "salt" | "iterations">,
): Promise<Bytes> {
  const bytes = encoder.encode(preparePassword(password));
  const key = await crypto.subtle
    .importKey("raw", bytes, "PBKDF2", false, ["deriveBits"]);
  const options = { name: "PBKDF2", hash: "SHA-256", salt, iterations };
  const bits = await crypto.subtle.deriveBits(options, key, 8 * HASH_BYTES);
  return new Uint8Array(bits);
}

/** What a server has to keep of a new password. */
export async function newKeys(
  password: string,
  {
    salt = crypto.getRandomValues(new Uint8Array(SALT_BYTES)),
    iterations = DEFAULT_ITERATIONS,
  }: Partial<ScramKeys> = {},
): Promise<ScramKeys> {
  const salted = await saltedPassword(password, { salt, iterations });
  const storedKey = await sha256(await hmac(salted, "Client Key"));
  const serverKey = await hmac(salted, "Server Key");
  return { salt, iterations, storedKey, serverKey };
}

/**
 * Keys for a name that does not exist: the same for the same name as long as
 * `secret` is, so that who asks twice learns nothing. Their salt is as long and
 * their rounds are as many as those of one of the `others`. No password fits.
 */
export async function standInKeys(
  secret: Bytes,
  name: string,
  others: readonly ScramKeys[],
): Promise<ScramKeys> {
  const salt = await hmac(secret, `salt ${name}`);
  const more = await hmac(secret, `more salt ${name}`);
  const like = others[new DataView(more.buffer).getUint32(0) % others.length];
  const { length } = like?.salt ?? { length: SALT_BYTES };
  return {
    salt: concat([salt, more]).slice(0, length),
    iterations: like?.iterations ?? DEFAULT_ITERATIONS,
    storedKey: await hmac(secret, `stored key ${name}`),
    serverKey: await hmac(secret, `server key ${name}`),
  };
}

export async function hmac(key: Bytes, text: string): Promise<Bytes> {
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const imported = await crypto.subtle
    .importKey("raw", key, algorithm, false, ["sign"]);
  const data = encoder.encode(text);
  return new Uint8Array(await crypto.subtle.sign("HMAC", imported, data));
}

export async function sha256(bytes: Bytes): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
}

/** Of two of the same length. */
export function xor(a: Bytes, b: Bytes): Bytes {
  return a.map((byte, i) => byte ^ b[i]!);
}
