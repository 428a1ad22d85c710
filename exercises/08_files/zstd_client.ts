import {
  loadZstd,
  MAX_CHUNK_BYTES,
  parseChunkLine,
  type Zstd,
} from "../../protocol/file_chunks.ts";
import type { FileReply, GoodFileRequest } from "../../protocol/files.ts";
import { counted } from "../../protocol/text.ts";
import {
  ProtocolError,
  UnexpectedEndError,
} from "../../protocol/transport/mod.ts";
import { printAside } from "../terminal/stderr.ts";
import { type Answer, FileClient } from "./file_client.ts";

const NOTHING: Uint8Array = new Uint8Array();

/**
 * A client that has files sent in compressed chunks, and reads what they hold:
 * see ZSTD in protocol/README.md. Nothing expands to more than was announced.
 * Where the server or this Deno has no zstd, it says so, and does without.
 */
export class ZstdClient extends FileClient {
  #zstd: Zstd | null = null;
  #warned = false;
  readonly #room = new Uint8Array(MAX_CHUNK_BYTES);
  /** Chunks are coming. */
  #chunked = false;
  /** How many bytes of the file have yet to come out of a chunk. */
  #left = 0;
  /** What has come out of the last one, and waits to be read. */
  #content = NOTHING;

  override async ask<K extends FileReply["kind"]>(
    request: GoodFileRequest,
    kind: K,
    patienceMs?: number,
  ): Promise<Answer<K>> {
    this.#chunked = false;
    const isFile = request.kind === "get" || request.kind === "resume";
    if (!isFile) return await super.ask(request, kind, patienceMs);
    this.compressed = null;
    if (!await this.#canCompress()) {
      return await super.ask(request, kind, patienceMs);
    }
    const { name } = request;
    const offset = request.kind === "resume" ? request.offset : 0;
    const compressed = { kind: "zstd", name, offset } as const;
    const answer = await super.ask(compressed, kind, patienceMs);
    const reply: FileReply = answer;
    if (reply.kind === "sending") {
      this.#chunked = true;
      this.compressed = 0;
      this.#left = reply.size - offset;
      this.#content = NOTHING;
    }
    return answer;
  }

  override async read(buffer: Uint8Array): Promise<number | null> {
    if (!this.#chunked) return await super.read(buffer);
    if (this.#content.length === 0) {
      const content = await this.#nextChunk();
      if (content === null) return null;
      this.#content = content;
    }
    const count = Math.min(buffer.length, this.#content.length);
    buffer.set(this.#content.subarray(0, count));
    this.#content = this.#content.subarray(count);
    return count;
  }

  /** Reads CHUNK 0, too. */
  override async finish(): Promise<void> {
    if (this.#chunked) await this.#nextChunk();
    await super.finish();
  }

  /** What the next chunk holds; null: there are no more, and all has come. */
  async #nextChunk(): Promise<Uint8Array | null> {
    const line = await this.readLine();
    const length = parseChunkLine(line);
    this.compressed! += line.length + "\r\n".length + length;
    if (length === 0) {
      if (this.#left === 0) return null;
      const missing = counted(this.#left, "byte");
      throw new ProtocolError(`It says CHUNK 0 with ${missing} to come`);
    }
    if (this.#left === 0) {
      throw new ProtocolError("It sends more than it announced");
    }
    const frame = this.#room.subarray(0, length);
    await this.#fill(frame);
    const most = Math.min(this.#left, MAX_CHUNK_BYTES);
    const content = this.#zstd!.expand(frame, most);
    this.#left -= content.length;
    return content;
  }

  async #fill(frame: Uint8Array): Promise<void> {
    for (let filled = 0; filled < frame.length;) {
      const count = await super.read(frame.subarray(filled));
      if (count === null) {
        throw new UnexpectedEndError(
          `Input ended after ${filled} of ${frame.length} bytes of a chunk`,
        );
      }
      filled += count;
    }
  }

  async #canCompress(): Promise<boolean> {
    this.#zstd = await loadZstd();
    const isOffered = (await this.features()).has("ZSTD");
    if (this.#zstd !== null && isOffered) return true;
    if (!this.#warned) {
      const who = isOffered ? "This version of Deno" : "The server";
      printAside(`files: ${who} has no zstd: nothing comes compressed`);
    }
    this.#warned = true;
    return false;
  }
}
