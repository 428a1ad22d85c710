import type { Socket } from "../../protocol/transport/socket.ts";
import { bytesOf, readerOf } from "./chunkings.ts";

/** A socket without a network, that notes what is done to it. */
export class FakeSocket implements Socket {
  readonly localAddr = { hostname: "127.0.0.1", port: 9000 };
  readonly remoteAddr = { hostname: "127.0.0.1", port: 1 };
  /** What was taken, one entry for each `write()`, and when. */
  readonly writes: { text: string; ms: number }[] = [];
  ended = false;
  closeReason: unknown;
  noDelay = false;
  readonly #input;

  /** `write()` takes this much at a time; `input` is what can be read. */
  constructor(
    readonly now: () => number,
    readonly bytesPerWrite = Infinity,
    ...input: string[]
  ) {
    this.#input = readerOf(input.map(bytesOf));
  }

  get text(): string {
    return this.writes.map(({ text }) => text).join("");
  }

  read(buffer: Uint8Array): Promise<number | null> {
    return this.#input.read(buffer);
  }

  write(data: Uint8Array): Promise<number> {
    const taken = data.subarray(0, this.bytesPerWrite);
    // One character for each byte.
    const text = Array.from(taken, (byte) => String.fromCharCode(byte)).join(
      "",
    );
    this.writes.push({ text, ms: this.now() });
    return Promise.resolve(taken.length);
  }

  closeWrite(): Promise<void> {
    this.ended = true;
    return Promise.resolve();
  }

  setNoDelay(): void {
    this.noDelay = true;
  }

  close(reason: unknown = null): void {
    this.closeReason ??= reason;
  }

  [Symbol.dispose](): void {
    this.close();
  }
}
