import { timingSafeEqual } from "@std/crypto/timing-safe-equal";
import { encodeBase64 } from "@std/encoding/base64";
import { ProtocolError } from "./errors.ts";
import {
  HASH_BYTES,
  hmac,
  MAX_ITERATIONS,
  MIN_ITERATIONS,
  saltedPassword,
  type ScramKeys,
  sha256,
  xor,
} from "./scram_keys.ts";
import {
  type Bytes,
  type ClientFirst,
  formatClientFirst,
  formatServerFirst,
  parseClientFinal,
  parseClientFirst,
  parseServerFinal,
  parseServerFirst,
} from "./scram_messages.ts";

/** 18 random bytes: base64 has no comma, and no padding for these. */
function newNonce(): string {
  return encodeBase64(crypto.getRandomValues(new Uint8Array(18)));
}

/**
 * One login, as the client sees it: `first`, then `final()` of what the server
 * answers, then `verify()` of its last word. The password never leaves.
 */
export class ScramClient {
  readonly #password: string;
  readonly #first: ClientFirst;
  /** What the server has to answer; null: nothing was proved to it. */
  #signature: Bytes | null = null;

  constructor(name: string, password: string, nonce = newNonce()) {
    this.#password = password;
    this.#first = formatClientFirst(name, nonce);
  }

  get first(): string {
    return this.#first.header + this.#first.bare;
  }

  /**
   * The proof that we know the password, for this server's nonce only.
   *
   * @throws {ProtocolError} It is no such message, or it asks for so few rounds
   * that who listens could guess the password from the proof.
   */
  async final(serverFirst: string): Promise<string> {
    const { nonce, header, bare } = this.#first;
    const challenge = parseServerFirst(serverFirst);
    const { nonce: both = "", iterations = 0 } = challenge ?? {};
    if (!challenge || !both.startsWith(nonce) || both === nonce) {
      throw new ProtocolError("Its challenge is none of SCRAM");
    }
    if (iterations < MIN_ITERATIONS || iterations > MAX_ITERATIONS) {
      throw new ProtocolError(
        `It asks for ${iterations} rounds of PBKDF2, and ` +
          `${MIN_ITERATIONS} to ${MAX_ITERATIONS} are reasonable`,
      );
    }
    const withoutProof = `c=${encodeBase64(header)},r=${both}`;
    const signed = `${bare},${serverFirst},${withoutProof}`;
    const salted = await saltedPassword(this.#password, challenge);
    const clientKey = await hmac(salted, "Client Key");
    const signature = await hmac(await sha256(clientKey), signed);
    this.#signature = await hmac(await hmac(salted, "Server Key"), signed);
    return `${withoutProof},p=${encodeBase64(xor(clientKey, signature))}`;
  }

  /**
   * Returns when the server has shown that it knows our keys, too.
   *
   * @throws {ProtocolError} It has not: it may say yes to any password.
   */
  verify(serverFinal: string): void {
    const answer = parseServerFinal(serverFinal);
    if (answer && "error" in answer) {
      throw new ProtocolError(`It refuses the login with ${answer.error}`);
    }
    if (
      !answer || !this.#signature ||
      answer.signature.length !== HASH_BYTES ||
      !timingSafeEqual(answer.signature, this.#signature)
    ) {
      throw new ProtocolError(
        "It says yes and does not know the password's keys: it is not " +
          "the server that it claims to be",
      );
    }
  }
}

/**
 * One login, as the server sees it: its challenge, and then one answer to that,
 * no more.
 */
export class ScramServer {
  /** As the client wrote it. */
  readonly name: string;
  /** The server's first message. */
  readonly challenge: string;
  readonly #first: ClientFirst;
  readonly #keys: ScramKeys;
  readonly #nonce: string;
  #over = false;

  private constructor(first: ClientFirst, keys: ScramKeys, nonce: string) {
    const { salt, iterations } = keys;
    this.name = first.name;
    this.#first = first;
    this.#keys = keys;
    this.#nonce = first.nonce + nonce;
    const challenge = { nonce: this.#nonce, salt, iterations };
    this.challenge = formatServerFirst(challenge);
  }

  /**
   * Null: `clientFirst` is no such message. `find` gives the keys of a name,
   * and of an unknown one keys that no password fits.
   */
  static async begin(
    clientFirst: string,
    find: (name: string) => Promise<ScramKeys>,
    nonce = newNonce(),
  ): Promise<ScramServer | null> {
    const first = parseClientFirst(clientFirst);
    return first && new ScramServer(first, await find(first.name), nonce);
  }

  /** The server's last message; null: the client does not know the password. */
  async finish(clientFinal: string): Promise<string | null> {
    const over = this.#over;
    this.#over = true;
    const final = parseClientFinal(clientFinal);
    if (
      over || !final || final.nonce !== this.#nonce ||
      final.binding !== encodeBase64(this.#first.header) ||
      final.proof.length !== HASH_BYTES
    ) return null;
    const { storedKey, serverKey } = this.#keys;
    const signed =
      `${this.#first.bare},${this.challenge},${final.withoutProof}`;
    const clientKey = xor(final.proof, await hmac(storedKey, signed));
    if (!timingSafeEqual(await sha256(clientKey), storedKey)) return null;
    return `v=${encodeBase64(await hmac(serverKey, signed))}`;
  }
}
