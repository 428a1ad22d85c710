import { decryptAesGcm, encryptAesGcm } from "@std/crypto/aes-gcm";
import { concat } from "@std/bytes/concat";
import { decodeBase64, encodeBase64 } from "@std/encoding/base64";
import { MAX_LINE_BYTES } from "./text.ts";

/** What a sealed line begins with; the number is that of the format. */
const MARK = "#s1 ";

/** As many as OWASP advises for PBKDF2 with SHA-256: each guess costs them. */
const KEY_ROUNDS = 600_000;

const SESSION_BYTES = 8;
const NUMBER_BYTES = 4;
const HEADER_BYTES = SESSION_BYTES + NUMBER_BYTES;
/** What AES-GCM adds: a nonce before, a tag behind. */
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** Base64 makes four characters of three bytes. */
const MAX_SEALED_BYTES = Math.floor((MAX_LINE_BYTES - MARK.length) / 4) * 3;

/** The longest text that fits into a line when it is sealed, in bytes of UTF-8. */
export const MAX_SEALED_TEXT_BYTES = MAX_SEALED_BYTES -
  NONCE_BYTES - HEADER_BYTES - TAG_BYTES;

/** What a line turns out to be. */
export type Unsealed =
  /** New. So many lines of its `session` before it have not come. */
  | { type: "opened"; session: string; text: string; missing: number }
  /** Genuine, but heard before, or sent before what was heard last. */
  | { type: "replayed" }
  /** Sealed with another pass phrase, for another room, or altered since. */
  | { type: "wrong-key" }
  /** It says that it is sealed, and cannot be: cut off, or not base64. */
  | { type: "damaged" }
  | { type: "not-sealed" };

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/**
 * The key of all who know the pass phrase of a room. Slow on purpose: a fifth
 * of a second, and as much for each guess.
 */
export async function roomKey(
  passphrase: string,
  room: string,
): Promise<CryptoKey> {
  // An ñ may be typed as one character or as two (RFC 8265 asks for NFC too).
  const [secret, name] = [passphrase, room].map((text) =>
    encoder.encode(text.normalize("NFC"))
  ) as [Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>];
  const { subtle } = crypto;
  const base = await subtle
    .importKey("raw", secret, "PBKDF2", false, ["deriveKey"]);
  return await subtle.deriveKey(
    { name: "PBKDF2", hash: "SHA-256", salt: name, iterations: KEY_ROUNDS },
    base,
    { name: "AES-GCM", length: 256 },
    false,
    ["encrypt", "decrypt"],
  );
}

/**
 * One member's side of a sealed conversation: what it says gets the next number
 * of its session, and of each session that it hears it knows the last number.
 */
export class Seal {
  readonly #key: CryptoKey;
  readonly #session = crypto.getRandomValues(new Uint8Array(SESSION_BYTES));
  #sent = 0;
  readonly #heard = new Map<string, number>();

  constructor(key: CryptoKey) {
    this.#key = key;
    // What we say ourselves does not come back, unless somebody plays it to us.
    this.#heard.set(this.#session.toString(), Infinity);
  }

  /**
   * The line on the wire, without its line end: `#s1 3q2+7w...`.
   *
   * @throws {RangeError} The text is longer than `MAX_SEALED_TEXT_BYTES`.
   */
  async seal(text: string): Promise<string> {
    const bytes = encoder.encode(text);
    if (bytes.length > MAX_SEALED_TEXT_BYTES) {
      throw new RangeError(
        `A sealed text has at most ${MAX_SEALED_TEXT_BYTES} bytes, ` +
          `this one has ${bytes.length}`,
      );
    }
    const number = new Uint8Array(NUMBER_BYTES);
    new DataView(number.buffer).setUint32(0, ++this.#sent);
    const plain = concat([this.#session, number, bytes]);
    return MARK + encodeBase64(await encryptAesGcm(this.#key, plain));
  }

  /** Opens what somebody has said, in the order in which it came. */
  async open(line: string): Promise<Unsealed> {
    if (!line.startsWith(MARK)) return { type: "not-sealed" };
    const sealed = bytesOf(line.slice(MARK.length));
    if (sealed === null) return { type: "damaged" };
    let plain: Uint8Array<ArrayBuffer>;
    try {
      plain = await decryptAesGcm(this.#key, sealed);
    } catch {
      return { type: "wrong-key" }; // The tag does not fit; it tells no more.
    }
    const session = plain.subarray(0, SESSION_BYTES).toString();
    const number = new DataView(plain.buffer).getUint32(SESSION_BYTES);
    // Of who spoke before we came, the first line that we hear is the first.
    const last = this.#heard.get(session) ?? number - 1;
    if (number <= last) return { type: "replayed" };
    this.#heard.set(session, number);
    return {
      type: "opened",
      session,
      text: decoder.decode(plain.subarray(HEADER_BYTES)),
      missing: number - last - 1,
    };
  }
}

/** Null: not base64 as we write it, or too short to have all its parts. */
function bytesOf(base64: string): Uint8Array<ArrayBuffer> | null {
  try {
    const bytes = decodeBase64(base64);
    const least = NONCE_BYTES + HEADER_BYTES + TAG_BYTES;
    // The decoder forgives what is missing at the end.
    const isWhole = bytes.length >= least && encodeBase64(bytes) === base64;
    return isWhole ? bytes : null;
  } catch {
    return null;
  }
}
