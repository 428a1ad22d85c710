import { counted, visibleLineEnds } from "../../protocol/text.ts";
import {
  type Connection,
  ProtocolError,
  TimeoutError,
  UnexpectedEndError,
} from "../../protocol/transport/mod.ts";
import { ExerciseError } from "../cli/outcome.ts";

/** How much of a difference is shown, in bytes. */
const SHOWN_BYTES = 16;

/** The first place where `came` is not `sent`; null: `came` is as `sent`. */
export function firstDifference(
  sent: Uint8Array,
  came: Uint8Array,
): number | null {
  for (let i = 0; i < came.length; i++) if (came[i] !== sent[i]) return i;
  return null;
}

/** Both sides from byte `at` on, counted from 1: as text and in hex. */
export function describeDifference(
  sent: Uint8Array,
  came: Uint8Array,
  at: number,
  offset = 0,
): string {
  return `byte ${offset + at + 1} is another: ` +
    `sent ${show(sent.subarray(at))}, came ${show(came.subarray(at))}`;
}

/** `"uno\n" (75 6e 6f 0a)`, cut when it is long. */
export function show(bytes: Uint8Array): string {
  const shown = bytes.subarray(0, SHOWN_BYTES);
  const text = visibleLineEnds(new TextDecoder().decode(shown));
  const hex = Array.from(shown, (byte) => byte.toString(16).padStart(2, "0"));
  const more = bytes.length > shown.length ? "..." : "";
  return `"${text}${more}" (${hex.join(" ")}${more})`;
}

/**
 * As many bytes as were sent.
 *
 * @throws {UnexpectedEndError} The server ended before.
 * @throws {TimeoutError} Nothing came.
 * @throws {ExerciseError} Some bytes came, and then nothing.
 */
export async function readEcho(
  conn: Connection,
  sent: Uint8Array,
): Promise<Uint8Array> {
  const echo = new Uint8Array(sent.length);
  let came = 0;
  const some = () => `${came} of ${counted(sent.length, "byte")}`;
  try {
    while (came < echo.length) {
      const count = await conn.read(echo.subarray(came));
      if (count === null) {
        throw new UnexpectedEndError(`Input ended after ${some()}`);
      }
      came += count;
    }
    return echo;
  } catch (error) {
    if (came === 0 || !(error instanceof TimeoutError)) throw error;
    throw new ExerciseError(
      `${some()} came back, ${show(echo.subarray(0, came))}, then nothing ` +
        `for ${error.timeoutMs} ms: it may drop bytes, such as a line end`,
      { cause: error },
    );
  }
}

/** What was sent and has not come back yet, to compare with what comes. */
export class Outstanding {
  readonly #chunks: Uint8Array[] = [];
  #compared = 0;

  /** How many bytes have come back. */
  get compared(): number {
    return this.#compared;
  }

  send(bytes: Uint8Array): void {
    this.#chunks.push(bytes.slice());
  }

  /**
   * @throws {ProtocolError} More has come back than was sent.
   * @throws {ExerciseError} Something else has: where, and both sides.
   */
  compare(bytes: Uint8Array): void {
    for (let came = bytes; came.length > 0;) {
      const sent = this.#chunks[0];
      if (!sent) throw new ProtocolError("More came back than was sent");
      const length = Math.min(sent.length, came.length);
      const at = firstDifference(sent, came.subarray(0, length));
      if (at !== null) {
        const what = describeDifference(sent, came, at, this.#compared);
        throw new ExerciseError(`What came back differs, ${what}`);
      }
      this.#compared += length;
      came = came.subarray(length);
      if (length === sent.length) this.#chunks.shift();
      else this.#chunks[0] = sent.subarray(length);
    }
  }
}
