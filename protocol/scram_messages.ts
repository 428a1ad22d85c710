import { decodeBase64, encodeBase64 } from "@std/encoding/base64";

/**
 * The four messages of SCRAM (RFC 5802, section 7), as values. A line of
 * exercise 7 or 8 carries each in base64.
 */

/** The only mechanism here: RFC 5802 with SHA-256 (RFC 7677). */
export const MECHANISM = "SCRAM-SHA-256";

export type Bytes = Uint8Array<ArrayBuffer>;

/** Of which the name is unescaped, and `bare` is what gets signed. */
export interface ClientFirst {
  /** `n,,` or `y,,`: no channel binding, no other identity. */
  header: string;
  bare: string;
  name: string;
  nonce: string;
}

export interface ServerFirst {
  nonce: string;
  salt: Bytes;
  iterations: number;
}

/** `withoutProof` is what gets signed. */
export interface ClientFinal {
  withoutProof: string;
  /** The header of the first message again, in base64. */
  binding: string;
  nonce: string;
  proof: Bytes;
}

/** Either the server's signature, or why it refuses. */
export type ServerFinal = { signature: Bytes } | { error: string };

const NONCE = String.raw`([\x21-\x2b\x2d-\x7e]+)`;
const BASE64 = String
  .raw`((?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?)`;
/** Optional ones. `m=` would be mandatory, and is not understood. */
const EXTENSIONS = "(?:,[A-Za-ln-z]=[^,]+)*";

function grammar(text: string): RegExp {
  return RegExp(`^${text}$`, "u");
}

const CLIENT_FIRST = grammar(
  `([ny],,)(n=((?:[^,=]|=2C|=3D)+),r=${NONCE}${EXTENSIONS})`,
);
const SERVER_FIRST = grammar(
  `r=${NONCE},s=${BASE64},i=([1-9][0-9]{0,9})${EXTENSIONS}`,
);
const CLIENT_FINAL = grammar(
  `(c=${BASE64},r=${NONCE}${EXTENSIONS}),p=${BASE64}`,
);
const SERVER_FINAL = grammar(`(?:v=${BASE64}|e=([^,]+))${EXTENSIONS}`);

/** `n,,n=user,r=rOprNGfwEbeRWgbNEkqO`; null: it is none. */
export function parseClientFirst(message: string): ClientFirst | null {
  const [, header, bare, escaped, nonce] = CLIENT_FIRST.exec(message) ?? [];
  if (!header || !bare || !escaped || !nonce) return null;
  const name = escaped.replaceAll("=2C", ",").replaceAll("=3D", "=");
  return { header, bare, name, nonce };
}

export function formatClientFirst(name: string, nonce: string): ClientFirst {
  const escaped = name.replaceAll("=", "=3D").replaceAll(",", "=2C");
  const bare = `n=${escaped},r=${nonce}`;
  return { header: "n,,", bare, name, nonce };
}

/** `r=rOprNGfwEbeRWgbNEkqO%hvYD...,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096` */
export function parseServerFirst(message: string): ServerFirst | null {
  const [, nonce, salt, iterations] = SERVER_FIRST.exec(message) ?? [];
  if (!nonce || !salt || !iterations) return null;
  return { nonce, salt: decodeBase64(salt), iterations: Number(iterations) };
}

export function formatServerFirst(
  { nonce, salt, iterations }: ServerFirst,
): string {
  return `r=${nonce},s=${encodeBase64(salt)},i=${iterations}`;
}

/** `c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYD...,p=dHzbZapWIk4jUhN+Ute9ytag9z...` */
export function parseClientFinal(message: string): ClientFinal | null {
  const [, withoutProof, binding, nonce, proof] = CLIENT_FINAL.exec(message) ??
    [];
  if (!withoutProof || !binding || !nonce || !proof) return null;
  return { withoutProof, binding, nonce, proof: decodeBase64(proof) };
}

/** `v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=`, or `e=invalid-proof`. */
export function parseServerFinal(message: string): ServerFinal | null {
  const [, signature, error] = SERVER_FINAL.exec(message) ?? [];
  if (signature) return { signature: decodeBase64(signature) };
  return error ? { error } : null;
}

/** A message as a word of a line. */
export function toWord(message: string): string {
  return encodeBase64(message);
}

const WORD = grammar(BASE64);
const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** The message in a word of a line; null: there is none. */
export function fromWord(word: string): string | null {
  if (!WORD.test(word)) return null;
  try {
    return utf8.decode(decodeBase64(word));
  } catch {
    return null;
  }
}
