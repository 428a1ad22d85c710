import { messageOf, ProtocolError } from "../errors.ts";
import type { Socket } from "./socket.ts";

/** What can go wrong with TLS, beside what can with any connection. */
export type TlsFailure =
  | "TLS_UNKNOWN_AUTHORITY"
  | "TLS_WRONG_NAME"
  | "TLS_EXPIRED"
  | "TLS_NOT_YET_VALID"
  | "TLS_BAD_CERTIFICATE"
  | "TLS_REFUSED"
  | "TLS_PLAIN_PEER"
  | "TLS_UNFINISHED"
  | "TLS_TRUNCATED"
  | "TLS_BROKEN";

/** TLS has failed. `cause` is what Deno said of it. */
export class TlsError extends ProtocolError {
  override name = "TlsError";

  constructor(readonly code: TlsFailure, message: string, cause: Error) {
    super(message, { cause });
  }
}

/** Deno has no codes for these, only words; the first that fits. */
const FAILURES: readonly [RegExp, TlsFailure, string][] = [
  [/fatal alert/, "TLS_REFUSED", "The peer refused the TLS connection"],
  [
    // A bad signature: another authority of the same name.
    /UnknownIssuer|BadSignature/,
    "TLS_UNKNOWN_AUTHORITY",
    "The certificate's authority is unknown",
  ],
  [
    /not valid for name|NotValidForName/,
    "TLS_WRONG_NAME",
    "The certificate is for other names",
  ],
  [/expired/i, "TLS_EXPIRED", "The certificate has expired"],
  [
    /not valid yet|NotValidYet/,
    "TLS_NOT_YET_VALID",
    "The certificate is not valid yet",
  ],
  [
    /^invalid peer certificate/,
    "TLS_BAD_CERTIFICATE",
    "The certificate is not one of a server",
  ],
  [/InvalidContentType/, "TLS_PLAIN_PEER", "The peer does not speak TLS"],
];

/** What Deno throws, as what it means. Other errors stay as they are. */
export function tlsError(error: unknown, isEstablished: boolean): unknown {
  if (error instanceof Deno.errors.UnexpectedEof) {
    return isEstablished
      ? new TlsError("TLS_TRUNCATED", "It ended without close_notify", error)
      : new TlsError("TLS_UNFINISHED", "It ended in the TLS handshake", error);
  }
  if (!(error instanceof Deno.errors.InvalidData)) return error;
  const said = messageOf(error);
  const [, code = "TLS_BROKEN", words = `TLS failed: ${said}`] =
    FAILURES.find(([pattern]) => pattern.test(said)) ?? [];
  const [, alert] = /fatal alert: (\w+)/.exec(said) ?? [];
  const [, names] = /only valid for (.*)$/.exec(said) ?? [];
  const detail = alert ?? names?.replace(/\w+\("?([^")]*)"?\)/g, "$1");
  return new TlsError(code, detail ? `${words}: ${detail}` : words, error);
}

/**
 * A `Deno.TlsConn` as a `Socket`. The end of input is a clean one only after
 * the peer's close_notify; without it, the last bytes may be missing.
 *
 * It cannot send RST, and cannot set TCP's options.
 */
export class TlsSocket implements Socket {
  readonly localAddr: Socket["localAddr"];
  readonly remoteAddr: Socket["remoteAddr"];
  readonly #conn: Deno.TlsConn;
  readonly #failure: unknown;

  /** With a `failure`, of the handshake, each call fails with that. */
  constructor(conn: Deno.TlsConn, failure: unknown = null) {
    this.localAddr = conn.localAddr as Deno.NetAddr;
    this.remoteAddr = conn.remoteAddr as Deno.NetAddr;
    this.#conn = conn;
    this.#failure = failure;
  }

  /**
   * Agrees on keys, and proves who one is; each call waits for it. It has no
   * clock: closing the socket ends it.
   *
   * @throws {TlsError} Why there is no trust.
   */
  async handshake(): Promise<void> {
    try {
      await this.#conn.handshake();
    } catch (error) {
      throw tlsError(error, false);
    }
  }

  /** @throws {TlsError} `TLS_TRUNCATED`: a FIN without close_notify. */
  read(buffer: Uint8Array): Promise<number | null> {
    return this.#call(() => this.#conn.read(buffer));
  }

  write(data: Uint8Array): Promise<number> {
    return this.#call(() => this.#conn.write(data));
  }

  /** Sends close_notify, then FIN. */
  closeWrite(): Promise<void> {
    return this.#call(() => this.#conn.closeWrite());
  }

  close(): void {
    if (this.#failure === null) this.#conn.close();
    else this[Symbol.dispose]();
  }

  [Symbol.dispose](): void {
    this.#conn[Symbol.dispose]();
  }

  #call<T>(call: () => Promise<T>): Promise<T> {
    if (this.#failure !== null) return Promise.reject(this.#failure);
    return call().catch(rethrow);
  }
}

function rethrow(error: unknown): never {
  throw tlsError(error, true);
}
