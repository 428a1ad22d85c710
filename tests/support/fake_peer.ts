import type { Sender } from "../../servers/messages/outbox.ts";

/**
 * The far end of a connection, without one: takes as many bytes as it has room
 * for, and the rest when it is given more.
 */
export class FakePeer implements Sender {
  /** What was taken, one entry for each `writePart()`. */
  readonly writes: Uint8Array[] = [];
  ended = false;
  closed = false;
  closeReason: unknown = null;
  #room: number;
  #waiting: PromiseWithResolvers<void> | null = null;
  #failure: Error | null = null;

  constructor(room = Infinity) {
    this.#room = room;
  }

  /** All that was taken, as text. */
  get text(): string {
    const decoder = new TextDecoder();
    return this.writes.map((bytes) => decoder.decode(bytes)).join("");
  }

  async writePart(data: Uint8Array): Promise<number> {
    while (this.#room === 0 && !this.#failure) {
      this.#waiting = Promise.withResolvers();
      await this.#waiting.promise;
    }
    if (this.#failure) throw this.#failure;
    const count = Math.min(data.length, this.#room);
    this.#room -= count;
    this.writes.push(data.slice(0, count));
    return count;
  }

  /** Reads, so that there is room for so many bytes more. */
  read(bytes: number): void {
    this.#room += bytes;
    this.#waiting?.resolve();
  }

  /** From now on every write fails, one that waits too. */
  fail(error: Error): void {
    this.#failure = error;
    this.#waiting?.resolve();
  }

  closeWrite(): Promise<void> {
    this.ended = true;
    return Promise.resolve();
  }

  close(reason: unknown = null): void {
    this.closed = true;
    this.closeReason ??= reason;
  }
}
