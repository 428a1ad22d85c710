import { writeAll } from "../copy.ts";
import { Pass } from "./pass.ts";

/** As much as this is held back; then who writes must wait. */
const MAX_HELD_BYTES = 1024 * 1024;

interface Held {
  dueMs: number;
  chunks: Uint8Array<ArrayBuffer>[];
}

/**
 * What is written waits here until it is due, while more may come. What is due
 * at the same time goes on as one.
 */
export abstract class HeldBack extends Pass {
  readonly #queue: Held[] = [];
  #bytes = 0;
  #sending: Promise<void> | null = null;
  #failure: unknown = null;
  #room: PromiseWithResolvers<void> | null = null;

  /** When what comes now is due; `lastMs`: what came before, if still held. */
  protected abstract dueMs(nowMs: number, lastMs?: number): number;

  override async write(data: Uint8Array): Promise<number> {
    while (this.#bytes >= MAX_HELD_BYTES && !this.#failure) {
      this.#room ??= Promise.withResolvers();
      await this.#room.promise;
    }
    if (this.#failure) throw this.#failure;
    const last = this.#queue.at(-1);
    const dueMs = this.dueMs(this.tools.now(), last?.dueMs);
    const chunk = new Uint8Array(data); // It is lent.
    if (last?.dueMs === dueMs) last.chunks.push(chunk);
    else this.#queue.push({ dueMs, chunks: [chunk] });
    this.#bytes += data.length;
    this.#sending ??= this.#send();
    return data.length;
  }

  override async closeWrite(): Promise<void> {
    await this.drained();
    await this.socket.closeWrite();
  }

  override async drained(): Promise<void> {
    await this.#sending;
    if (this.#failure) throw this.#failure;
  }

  /** Never rejects: the next write tells of it. */
  async #send(): Promise<void> {
    try {
      for (let held; (held = this.#queue[0]) !== undefined;) {
        await this.waitFor(held.dueMs - this.tools.now());
        this.#queue.shift();
        const bytes = new Uint8Array(await new Blob(held.chunks).arrayBuffer());
        await writeAll(this.socket, bytes);
        this.#bytes -= bytes.length;
        this.#room?.resolve();
        this.#room = null;
      }
    } catch (error) {
      this.#failure = error;
      this.#room?.resolve();
    }
    this.#sending = null;
  }
}
