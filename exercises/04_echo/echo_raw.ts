import { counted, visibleLineEnds } from "../../protocol/text.ts";
import {
  type ClientOptions,
  Connection,
  copy,
  Deadline,
  ProtocolError,
  type Reader,
  TimeoutError,
  UnexpectedEndError,
  type Writer,
} from "../../protocol/transport/mod.ts";
import { ExerciseError } from "../cli/outcome.ts";

/**
 * More than the kernels and the server hold on the way. A server that takes all
 * and gives nothing back would fill the memory.
 */
const MAX_OUTSTANDING_BYTES = 64 * 1024 * 1024;

/** How much of a difference is shown, in bytes. */
const SHOWN_BYTES = 16;

/**
 * Relays bytes both ways at once until the server ends its direction.
 *
 * @throws {UnexpectedEndError} It ended before all that was read came back.
 * @throws {ProtocolError} More came back, as soon as it does.
 * @throws {ExerciseError} Other bytes came back, as soon as they do.
 */
export async function echoRaw(
  host: string,
  port: number,
  input: Reader,
  output: Writer,
  options: ClientOptions & { compare?: boolean } = {},
): Promise<void> {
  const { timeoutMs = 5000, signal, connect = Deno.connect } = options;
  const { compare = true } = options;
  using deadline = new Deadline("connect", timeoutMs, signal);
  using conn = new Connection(
    await connect({ hostname: host, port, signal: deadline.signal }),
    { signal },
  );
  deadline.stop();
  // The server must take and give. While nothing is sent, or what came is not
  // taken from us, it is not the server that is waited for.
  let [sending, printing] = [false, false];
  const watch = () => {
    conn.idleTimeoutMs = sending && !printing ? timeoutMs : 0;
  };
  const outstanding = new Outstanding();
  let taken = 0;
  const sent = copy(input, {
    async write(data) {
      taken += data.length;
      sending = true;
      watch();
      if (compare) await outstanding.send(data);
      const count = await conn.write(data);
      sending = false;
      watch();
      return count;
    },
  }).then(async () => {
    await conn.closeWrite();
    sending = true;
    watch();
  });
  const receiving = copy(conn, {
    async write(data) {
      printing = true;
      watch();
      const count = await output.write(data);
      printing = false;
      watch();
      // Shown first: who looks at it sees where it differs.
      if (compare) outstanding.compare(data.subarray(0, count));
      return count;
    },
  });
  // The server's end is the end, even while stdin still waits for more.
  const received = await Promise.race([
    receiving,
    sent.then(() => receiving),
  ]);
  if (compare && received < taken) {
    throw new UnexpectedEndError(`${received} of ${taken} bytes came back`);
  }
}

/** What was sent and has not come back yet, to compare with what comes. */
class Outstanding {
  readonly #chunks: Uint8Array[] = [];
  #sent = 0;
  #compared = 0;
  #room: PromiseWithResolvers<void> | null = null;

  /** Waits while too much has not come back. */
  async send(bytes: Uint8Array): Promise<void> {
    while (this.#sent - this.#compared >= MAX_OUTSTANDING_BYTES) {
      this.#room = Promise.withResolvers();
      await this.#room.promise;
    }
    this.#chunks.push(bytes.slice());
    this.#sent += bytes.length;
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
      const part = came.subarray(0, length);
      const difference = differenceOf(sent, part, this.#compared);
      if (difference !== null) {
        throw new ExerciseError(`What came back differs, ${difference}`);
      }
      this.#compared += length;
      came = came.subarray(length);
      if (length === sent.length) this.#chunks.shift();
      else this.#chunks[0] = sent.subarray(length);
    }
    this.#room?.resolve();
  }
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

/**
 * Where `came` is not as `sent`, in words with both sides; null: nowhere. Its
 * first byte is number `offset` + 1 of all.
 */
export function differenceOf(
  sent: Uint8Array,
  came: Uint8Array,
  offset = 0,
): string | null {
  let at = 0;
  while (at < came.length && came[at] === sent[at]) at++;
  if (at === came.length) return null;
  const [there, here] = [sent, came].map((bytes) => show(bytes.subarray(at)));
  return `byte ${offset + at + 1} is another: sent ${there}, came ${here}`;
}

/** `"uno\n" (75 6e 6f 0a)`, cut when it is long. */
function show(bytes: Uint8Array): string {
  const shown = bytes.subarray(0, SHOWN_BYTES);
  const text = visibleLineEnds(new TextDecoder().decode(shown));
  const hex = Array.from(shown, (byte) => byte.toString(16).padStart(2, "0"));
  const more = bytes.length > shown.length ? "..." : "";
  return `"${text}${more}" (${hex.join(" ")}${more})`;
}
