import { concat } from "@std/bytes/concat";
import { Countdown } from "../../../protocol/transport/deadline.ts";
import type { Socket } from "../../../protocol/transport/mod.ts";
import { type Evidence, Failure, type Symptom } from "./stage.ts";

/** How long a stage waits, in ms. A second try has more of it. */
export interface Patience {
  /** For something that must come. */
  answerMs: number;
  /** For something that must not come. */
  quietMs: number;
}

/** Of bytes that are wrong, so many are told. */
const TOLD_BYTES = 64;

const encoder = new TextEncoder();

export function bytesOf(data: string | Uint8Array): Uint8Array {
  return typeof data === "string" ? encoder.encode(data) : data;
}

/** What comes on a connection, and how long it may take. */
export class TimedReader {
  /** How the other side has left the connection, as far as it was read. */
  end: Evidence["end"] = "open";
  readonly #buffer = new Uint8Array(64 * 1024);
  /** What has come and was not taken yet. */
  #rest = new Uint8Array();
  /** A read cannot be taken back: the next one waits for the same. */
  #reading: Promise<Uint8Array | null> | null = null;

  constructor(readonly socket: Socket, readonly patience: Patience) {}

  /**
   * What comes next, at least one byte and at most `maxBytes`; null at the end,
   * which `end` tells then, or when nothing came within `withinMs`.
   */
  async receive(
    withinMs = this.patience.answerMs,
    maxBytes = Infinity,
  ): Promise<Uint8Array | null> {
    let chunk: Uint8Array | null = this.#rest;
    if (chunk.length === 0) chunk = await this.#read(withinMs);
    if (chunk === null) return null;
    this.#rest = chunk.slice(maxBytes);
    return chunk.subarray(0, maxBytes);
  }

  /** Gives `bytes` back: the next `receive()` begins with them. */
  unread(bytes: Uint8Array): void {
    this.#rest = concat([bytes, this.#rest]);
  }

  /** All that comes until the end, or until nothing comes for `withinMs`. */
  async rest(
    withinMs = this.patience.answerMs,
    maxBytes = Infinity,
  ): Promise<Uint8Array> {
    const chunks: Uint8Array[] = [];
    let length = 0;
    for (;;) {
      const chunk = await this.receive(withinMs);
      if (chunk === null) return concat(chunks);
      chunks.push(chunk);
      length += chunk.length;
      if (length >= maxBytes) return concat(chunks);
    }
  }

  /**
   * The next line without its line end, LF or CR LF.
   *
   * @throws {Failure} No whole line came.
   */
  async line(withinMs = this.patience.answerMs): Promise<string> {
    const chunks: Uint8Array[] = [];
    for (;;) {
      const chunk = await this.receive(withinMs);
      if (chunk === null) {
        const actual = concat(chunks);
        throw this.failure(
          this.missing(actual.length),
          bytesOf("\n"),
          actual,
          actual.length,
        );
      }
      const end = chunk.indexOf(0x0a);
      if (end >= 0) {
        chunks.push(chunk.subarray(0, end));
        this.unread(chunk.slice(end + 1));
        const text = new TextDecoder().decode(concat(chunks));
        return text.endsWith("\r") ? text.slice(0, -1) : text;
      }
      chunks.push(chunk);
    }
  }

  /** A failure whose evidence begins shortly before the byte `at`. */
  failure(
    symptom: Symptom,
    expected: Uint8Array = new Uint8Array(),
    actual: Uint8Array = new Uint8Array(),
    at = 0,
  ): Failure {
    const told = (bytes: Uint8Array) => bytes.slice(at, at + TOLD_BYTES);
    return new Failure(symptom, {
      at,
      expected: told(expected),
      actual: told(actual),
      end: this.end,
    });
  }

  /** Why nothing more came after `at` bytes. */
  protected missing(at: number): Symptom {
    if (this.end === "rst") return "reset";
    if (this.end === "fin") return at === 0 ? "ended" : "cut";
    return at === 0 ? "silent" : "short";
  }

  async #read(withinMs: number): Promise<Uint8Array | null> {
    if (this.end !== "open") return null;
    this.#reading ??= this.#readNow();
    const { promise, resolve } = Promise.withResolvers<"silent">();
    using _ = Countdown.after(withinMs, () => resolve("silent"));
    const chunk = await Promise.race([this.#reading, promise]);
    if (chunk === "silent") return null;
    this.#reading = null;
    return chunk;
  }

  async #readNow(): Promise<Uint8Array | null> {
    try {
      const count = await this.socket.read(this.#buffer);
      if (count !== null) return this.#buffer.slice(0, count);
      this.end = "fin";
    } catch {
      this.end = "rst";
    }
    return null;
  }
}
