/** The clients of the load on a message server. */
const GREATER = ">".charCodeAt(0);
const LESS = "<".charCodeAt(0);
const LF = "\n".charCodeAt(0);
/** With which `* ana left` ends, and no other notice. */
const LAST_OF_LEFT = "t".charCodeAt(0);

/** Two printable characters hold a number: what is read fast is read often. */
const BASE = 90;
const FIRST_CHARACTER = "!".charCodeAt(0);

/** The shortest that the server writes before a text: `<guest-1> `. */
const SHORTEST_PREFIX = "<guest-1> ".length;

const encoder = new TextEncoder();

/** Line `number` of `sender`, `length` bytes with its line end. */
export function line(sender: number, number: number, length: number): string {
  const head = [sender, number].flatMap((value) => [
    Math.floor(value / BASE),
    value % BASE,
  ]);
  const text = String.fromCharCode(...head.map((x) => FIRST_CHARACTER + x));
  return `${text.padEnd(length - 2, "x")}\r\n`;
}

function valueAt(buffer: Uint8Array, at: number): number {
  return (buffer[at]! - FIRST_CHARACTER) * BASE +
    buffer[at + 1]! - FIRST_CHARACTER;
}

export interface ClientSizes {
  /** Every line that is said has this length. */
  lineBytes: number;
  /** What one read takes at most: more than a line of the server. */
  bufferBytes: number;
}

/**
 * Looks at every line that comes: who said it, and whether it is the next of
 * that sender.
 */
export class Client {
  /** Told of each line that others said. */
  onLine: ((sender: number, number: number) => void) | null = null;
  /** Told of how many came with one read. */
  onRead: ((lines: number) => void) | null = null;
  /** Lines of the server itself, and how many of them tell of a leaving. */
  notices = 0;
  leavings = 0;
  /** Fulfilled at the server's FIN. */
  readonly ended: Promise<void>;
  readonly #conn: Deno.TcpConn;
  readonly #lineBytes: number;
  readonly #next = new Int32Array(BASE * BASE);
  #said = 0;
  readonly #buffer: Uint8Array;
  #length = 0;
  #saying = Promise.resolve();

  private constructor(
    conn: Deno.TcpConn,
    { lineBytes, bufferBytes }: ClientSizes,
  ) {
    this.#conn = conn;
    this.#lineBytes = lineBytes;
    this.#buffer = new Uint8Array(bufferBytes);
    this.ended = this.#read();
  }

  static async join(port: number, sizes: ClientSizes): Promise<Client> {
    const conn = await Deno.connect({ hostname: "127.0.0.1", port });
    return new Client(conn, sizes);
  }

  say(text: string): Promise<void> {
    this.#saying = this.#saying.then(() => this.#write(encoder.encode(text)));
    return this.#saying;
  }

  async #write(bytes: Uint8Array): Promise<void> {
    for (let written = 0; written < bytes.length;) {
      written += await this.#conn.write(bytes.subarray(written));
    }
  }

  async #read(): Promise<void> {
    for (;;) {
      const free = this.#buffer.subarray(this.#length);
      const count = await this.#conn.read(free);
      if (count === null) return;
      this.#length += count;
      this.#takeLines();
    }
  }

  #takeLines(): void {
    const buffer = this.#buffer.subarray(0, this.#length);
    let at = 0;
    while (at < buffer.length) {
      const end = buffer[at] === LESS
        ? this.#takeSaid(buffer, at)
        : this.#takeNotice(buffer, at);
      if (end === null) break;
      at = end;
    }
    this.#buffer.copyWithin(0, at, this.#length);
    this.#length -= at;
    this.onRead?.(this.#said);
    this.#said = 0;
  }

  #takeNotice(buffer: Uint8Array, at: number): number | null {
    const end = buffer.indexOf(LF, at);
    if (end < 0) return null;
    this.notices++;
    // Before it is CR.
    if (buffer[end - 2] === LAST_OF_LEFT) this.leavings++;
    return end + 1;
  }

  #takeSaid(buffer: Uint8Array, at: number): number | null {
    let text = at + SHORTEST_PREFIX;
    while (text < buffer.length && buffer[text - 2] !== GREATER) text++;
    const end = text + this.#lineBytes;
    if (end > buffer.length) return null;
    const sender = valueAt(buffer, text);
    const number = valueAt(buffer, text + 2);
    if (number !== this.#next[sender] || buffer[end - 1] !== LF) {
      throw new Error(`Line ${number} of ${sender} is not the next one`);
    }
    this.#next[sender] = number + 1;
    this.#said++;
    this.onLine?.(sender, number);
    return end;
  }
}
