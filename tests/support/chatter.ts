import { assertEquals } from "@std/assert";
import { MAX_SERVER_LINE_BYTES } from "../../protocol/messages.ts";
import { writeAll } from "../../protocol/transport/copy.ts";
import { LineReader } from "../../protocol/transport/line_reader.ts";
import { connectTo, QUIET_HOST } from "./network.ts";

/** A client of exercise 7 that speaks the protocol and nothing else. */
export class Chatter implements Disposable {
  readonly #reader: LineReader;
  name = "";

  private constructor(readonly conn: Deno.TcpConn) {
    const maxLineBytes = MAX_SERVER_LINE_BYTES;
    this.#reader = new LineReader(conn, { maxLineBytes });
  }

  static async connect(port: number): Promise<Chatter> {
    return new Chatter(await connectTo(port, QUIET_HOST));
  }

  /** Connects, and waits for the welcome. */
  static async join(port: number): Promise<Chatter> {
    const chatter = await Chatter.connect(port);
    const welcome = await chatter.next();
    chatter.name = /^\* Welcome, ([^.]+)\./.exec(welcome ?? "")?.[1] ?? "";
    return chatter;
  }

  /** One after the other, each knowing of those after it: `count` of them. */
  static async joinAll(port: number, count: number): Promise<Chatter[]> {
    const all: Chatter[] = [];
    for (let i = 0; i < count; i++) {
      const late = await Chatter.join(port);
      for (const early of all) await early.expect(`* ${late.name} joined`);
      all.push(late);
    }
    return all;
  }

  /** The next line, or null at the server's end. */
  next(): Promise<string | null> {
    return this.#reader.readLine();
  }

  async expect(...lines: (string | null)[]): Promise<void> {
    for (const line of lines) assertEquals(await this.next(), line);
  }

  say(...lines: string[]): Promise<void> {
    return this.send(lines.map((line) => `${line}\r\n`).join(""));
  }

  send(text: string | Uint8Array): Promise<void> {
    const bytes = typeof text === "string"
      ? new TextEncoder().encode(text)
      : text;
    return writeAll(this.conn, bytes);
  }

  [Symbol.dispose](): void {
    try {
      this.conn.close();
    } catch {
      // The test has closed it.
    }
  }
}
