/**
 * Both ends of exercise 8 as somebody else would write them, from
 * protocol/README.md alone: LIST, GET, READY and QUIT, no extensions. They
 * share no code with the exercise.
 */
import type { Socket } from "node:net";
import { createInterface } from "node:readline";
import { type FaultServer, faultServer } from "./fault_server.ts";

/** What a server does with one line, given what follows the first word. */
export type Answer = (rest: string, talk: Talk) => unknown;

/** One connection to a server made here. */
export interface Talk {
  socket: Socket;
  /** The file that waits for READY; "" for none. */
  announced: string;
  send(data: string | Uint8Array): void;
}

export interface TalkServer extends FaultServer {
  /** Every line that came, over all connections. */
  heard: string[];
}

/** A server that answers each line by its first word; `""` is any other. */
export async function talkServer(
  answers: Record<string, Answer>,
): Promise<TalkServer> {
  const heard: string[] = [];
  const server = await faultServer((socket) => {
    const send = (data: string | Uint8Array) => void socket.write(data);
    const talk: Talk = { socket, announced: "", send };
    const lines = createInterface({ input: socket });
    lines.on("error", () => {}); // The socket's own errors, once more.
    lines.on("line", (line) => {
      heard.push(line);
      const [word = ""] = line.split(" ", 1);
      const cancelled = talk.announced !== "" && word !== "READY";
      const answer = cancelled ? cancel : answers[word] ?? answers[""];
      answer?.(line.slice(word.length + 1), talk);
      if (word === "READY") talk.announced = "";
    });
    socket.on("end", () => socket.end());
  });
  return Object.assign(server, { heard });
}

function cancel(_: string, talk: Talk): void {
  talk.announced = "";
  talk.send("CANCELLED\r\n");
}

/** A plain server; `changes` replaces the answers to some words. */
export function plainServer(
  files: Record<string, Uint8Array>,
  changes: Record<string, Answer> = {},
): Promise<TalkServer> {
  return talkServer({ ...plainAnswers(files), ...changes });
}

/** What a plain server answers to each word. */
export function plainAnswers(
  files: Record<string, Uint8Array>,
): Record<string, Answer> {
  return {
    LIST(_, { send }) {
      const names = Object.keys(files);
      const lines = names.map((name) => `${name} ${files[name]!.length}\r\n`);
      send(`FILES ${names.length}\r\n${lines.join("")}`);
    },
    GET(name, talk) {
      const file = files[name];
      if (!file) return talk.send("ERROR NOT_FOUND No such file\r\n");
      talk.announced = name;
      talk.send(`SENDING_FILE ${name} ${file.length}\r\n`);
    },
    READY: (_, { send, announced }) => send(files[announced]!),
    QUIT(_, { send, socket }) {
      send("BYE\r\n");
      socket.end();
    },
    "": (_, { send }) => send("ERROR UNKNOWN_COMMAND What?\r\n"),
  };
}

/** A plain client. */
export class PlainClient implements Disposable {
  readonly #conn: Deno.TcpConn;
  /** What has come and was not asked for yet. */
  #ahead = new Uint8Array();

  private constructor(conn: Deno.TcpConn) {
    this.#conn = conn;
  }

  static async connect(port: number): Promise<PlainClient> {
    return new PlainClient(
      await Deno.connect({ hostname: "127.0.0.1", port }),
    );
  }

  /** Sends all of `text` as it is. */
  async send(text: string): Promise<void> {
    let bytes = new TextEncoder().encode(text);
    while (bytes.length > 0) {
      bytes = bytes.subarray(await this.#conn.write(bytes));
    }
  }

  /** Ends this side (FIN). */
  async end(): Promise<void> {
    await this.#conn.closeWrite();
  }

  /** One line without its end; null when there is no more. */
  async line(): Promise<string | null> {
    for (;;) {
      const end = this.#ahead.indexOf(10);
      if (end >= 0) {
        const line = new TextDecoder().decode(this.#take(end + 1));
        return line.replace(/\r?\n$/, "");
      }
      if (!await this.#readMore(4096)) return null;
    }
  }

  /** The next `count` bytes; fewer when there are no more. */
  async bytes(count: number): Promise<Uint8Array> {
    const parts: Uint8Array[] = [];
    let missing = count;
    do {
      const part = this.#take(Math.min(missing, this.#ahead.length));
      parts.push(part);
      missing -= part.length;
    } while (missing > 0 && await this.#readMore(Math.min(missing, 1 << 20)));
    return new Uint8Array(await new Blob(parts as BlobPart[]).arrayBuffer());
  }

  /** Sends a line, and reads the one that answers it. */
  async ask(line: string): Promise<string | null> {
    await this.send(`${line}\r\n`);
    return await this.line();
  }

  /** The bytes of a file that is there. */
  async get(name: string): Promise<Uint8Array> {
    const answer = await this.ask(`GET ${name}`);
    const size = Number(/ (\d+)$/.exec(answer ?? "")?.[1]);
    if (answer !== `SENDING_FILE ${name} ${size}`) {
      throw new Error(`The answer is ${answer}`);
    }
    await this.send("READY\r\n");
    return await this.bytes(size);
  }

  #take(count: number): Uint8Array {
    const taken = this.#ahead.subarray(0, count);
    this.#ahead = this.#ahead.subarray(count);
    return taken;
  }

  /** Reads once, at most `count` bytes; false at the end, or a reset. */
  async #readMore(count: number): Promise<boolean> {
    const bytes = new Uint8Array(this.#ahead.length + count);
    bytes.set(this.#ahead);
    const room = bytes.subarray(this.#ahead.length);
    const more = await this.#conn.read(room).catch(() => null);
    if (more === null) return false;
    this.#ahead = bytes.subarray(0, this.#ahead.length + more);
    return true;
  }

  [Symbol.dispose](): void {
    this.#conn.close();
  }
}
