import { ProtocolError } from "../../protocol/errors.ts";
import {
  type FileEntry,
  type FileReply,
  type GoodFileRequest,
  parseFileEntry,
  type Refusal,
} from "../../protocol/files.ts";
import type { Connection } from "../../protocol/transport/connection.ts";
import { TimeoutError } from "../../protocol/transport/deadline.ts";
import { isReset } from "../../protocol/transport/end_reason.ts";
import type { Writer } from "../../protocol/transport/socket.ts";
import { FileLink, SessionEndedError } from "./file_link.ts";
import type { ReceiveOptions } from "./receive.ts";

/** A list is kept in memory: what is longer than this is no folder. */
const MAX_ENTRIES = 1_000_000;
const MAX_LIST_LENGTH = 64 * 1024 * 1024;

/** For its hash the server may have to read a file, and no faster than this. */
const SLOW_DISK_BYTES_PER_MS = 10_000;

/**
 * The questions to a file server: see protocol/README.md. Its no is a value;
 * what breaks is thrown.
 *
 * Connects when there is something to ask, and again when the server has
 * dropped a connection that lay idle, or something broke in the middle.
 */
export class FileClient implements Disposable {
  readonly #connect: () => Promise<Connection>;
  #link: FileLink | null = null;
  /** Bytes or lines of an answer are still to come. */
  #unfinished = false;
  #features: ReadonlySet<string> | null = null;

  constructor(connect: () => Promise<Connection>) {
    this.#connect = connect;
  }

  /** What the server can do beyond LIST, GET and QUIT. Asked for once. */
  async features(): Promise<ReadonlySet<string>> {
    return this.#features ??= await this.#askFeatures();
  }

  async list(): Promise<{ kind: "listing"; files: FileEntry[] } | Refusal> {
    const reply = await this.#ask({ kind: "list" }, "files");
    if (reply.kind === "error") return reply;
    const { count } = reply;
    this.#unfinished = true;
    if (count > MAX_ENTRIES) throw new ProtocolError(`It has ${count} files`);
    const files: FileEntry[] = [];
    for (let length = 0; files.length < count;) {
      const line = await this.#link!.readLine();
      length += line.length;
      if (length > MAX_LIST_LENGTH) throw new ProtocolError("It never ends");
      files.push(parseFileEntry(line));
    }
    this.#unfinished = false;
    return { kind: "listing", files };
  }

  /** Asks for a file from `offset` on; `size` is that of all of it. */
  async announce(
    name: string,
    offset = 0,
  ): Promise<{ kind: "sending"; size: number } | Refusal> {
    const reply = await this.#ask(
      offset === 0 ? { kind: "get", name } : { kind: "resume", name, offset },
      "sending",
    );
    if (reply.kind === "error") return reply;
    this.#unfinished = true;
    if (reply.name !== name) throw new ProtocolError("It sends another file");
    if (reply.size < offset) {
      throw new ProtocolError("It sends less than it was asked to go on from");
    }
    return reply;
  }

  /** Takes the `length` bytes that `announce()` has announced just now. */
  async receive(
    length: number,
    target: Writer,
    options: ReceiveOptions,
  ): Promise<void> {
    await this.#link!.receive(length, target, options);
    this.#unfinished = false;
  }

  /** The SHA-256 of `name` in hex; `size` tells how long that may take. */
  async hashOf(
    name: string,
    size: number,
  ): Promise<{ kind: "sha256"; hex: string } | Refusal> {
    const patienceMs = Math.ceil(size / SLOW_DISK_BYTES_PER_MS);
    const request = { kind: "sha256", name } as const;
    const reply = await this.#ask(request, "sha256", patienceMs);
    if (reply.kind === "sha256" && reply.name !== name) {
      throw new ProtocolError("It tells the SHA-256 of another file");
    }
    return reply;
  }

  /**
   * Asks anything, to see that no bytes are left before the answer.
   *
   * @throws {ProtocolError} There are.
   */
  async checkInStep(): Promise<void> {
    await this.#askFeatures();
  }

  /**
   * Says goodbye, and closes. A server that is gone by then, or says nothing,
   * is no failure: all that was asked for has come.
   */
  async quit(): Promise<void> {
    try {
      if (this.#link === null || this.#unfinished) return;
      expectReply(await this.#link.ask({ kind: "quit" }), "bye");
    } catch (error) {
      if (!isGone(error) && !(error instanceof TimeoutError)) throw error;
    } finally {
      this.close();
    }
  }

  close(): void {
    this.#link?.[Symbol.dispose]();
    this.#link = null;
    this.#unfinished = false;
  }

  [Symbol.dispose](): void {
    this.close();
  }

  async #askFeatures(): Promise<ReadonlySet<string>> {
    const reply = await this.#ask({ kind: "features" }, "features");
    // A plain server does not know the word.
    return new Set(reply.kind === "error" ? [] : reply.features);
  }

  async #ask<K extends FileReply["kind"]>(
    request: GoodFileRequest,
    kind: K,
    patienceMs = 0,
  ): Promise<ReplyOf<K> | Refusal> {
    if (this.#unfinished) this.close();
    const idle = this.#link;
    try {
      this.#link ??= await this.#open();
      return expectReply(await this.#link.ask(request, patienceMs), kind);
    } catch (error) {
      this.close();
      if (idle === null || !isGone(error)) throw error;
    }
    return await this.#ask(request, kind, patienceMs);
  }

  /**
   * A server hashes what it sends for a client that has asked for FEATURES on
   * this connection: what was learned on the last one has to be said again.
   */
  async #open(): Promise<FileLink> {
    const link = new FileLink(await this.#connect());
    try {
      if (this.#features?.size) await link.ask({ kind: "features" });
      return link;
    } catch (error) {
      link[Symbol.dispose]();
      throw error;
    }
  }
}

type ReplyOf<K> = Extract<FileReply, { kind: K }>;

/** `reply`, which must be of that kind, or a no. */
function expectReply<K extends FileReply["kind"]>(
  reply: FileReply,
  kind: K,
): ReplyOf<K> | Refusal {
  if (reply.kind === kind) return reply as ReplyOf<K>;
  if (reply.kind === "error") return reply;
  throw new ProtocolError(`It answers with ${reply.kind} in place of ${kind}`);
}

/** The server has ended the connection, with nothing left to say. */
function isGone(error: unknown): boolean {
  return error instanceof SessionEndedError || isReset(error);
}
