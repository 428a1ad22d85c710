import { delay } from "@std/async/delay";
import { concat } from "@std/bytes/concat";
import type { Socket } from "../../../protocol/transport/mod.ts";
import { writeAll } from "../../../protocol/transport/mod.ts";
import { Countdown } from "../../../protocol/transport/deadline.ts";
import type { FaultTools } from "../../../protocol/transport/faults/pass.ts";
import { Slice } from "../../../protocol/transport/faults/slice.ts";
import type { Symptom } from "./stage.ts";
import { bytesOf, type Patience, TimedReader } from "./timed_reader.ts";

export { bytesOf, type Patience } from "./timed_reader.ts";

/** What a fault has beside its socket. */
const TOOLS: FaultTools = {
  now: () => performance.now(),
  wait: (ms, signal) => delay(ms, { signal }),
  random: Math.random,
};

/** Writes so far apart arrive as separate reads, nearly always. */
const GAP_MS = 20;

/** Names a symptom better than the comparison can; null: it cannot. */
export type Classify = (
  actual: Uint8Array,
  expected: Uint8Array,
) => Symptom | null;

/** The end of a connection that a stage plays: it speaks bytes, and no protocol. */
export class Peer extends TimedReader implements Disposable {
  constructor(socket: Socket, patience: Patience) {
    super(socket, patience);
    socket.setNoDelay?.();
  }

  /**
   * Sends all of `data`, in one write if the kernel takes it. Where the program
   * takes no more, what comes next shows why.
   */
  async send(data: string | Uint8Array): Promise<void> {
    await writeAll(this.socket, bytesOf(data)).catch(() => {});
  }

  /**
   * Sends all of `data`.
   *
   * @throws {Failure} `stuck`: the program takes no more of it.
   */
  async sendOrStop(data: Uint8Array): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<"stuck">();
    using _ = Countdown.after(this.patience.answerMs, () => resolve("stuck"));
    const sent = await Promise.race([this.send(data), promise]);
    if (sent === "stuck") throw this.failure("stuck");
  }

  /** Sends `parts` one by one, so far apart that each is a read of its own. */
  async sendApart(
    parts: readonly (string | Uint8Array)[],
    gapMs = GAP_MS,
  ): Promise<void> {
    for (const [i, part] of parts.entries()) {
      if (i > 0) await delay(gapMs);
      await this.send(part);
    }
  }

  /** Sends `data` so many bytes at a time. */
  async sendSliced(
    data: string | Uint8Array,
    size = 1,
    gapMs = GAP_MS,
  ): Promise<void> {
    const slices = new Slice(this.socket, TOOLS, size, gapMs);
    await writeAll(slices, bytesOf(data)).catch(() => {});
  }

  /** Half-close: sends FIN. */
  async finish(): Promise<void> {
    await this.socket.closeWrite().catch(() => {});
  }

  /**
   * Whether a RST has come behind the FIN. Reading does not show it, and of
   * writes the first one after it: it is refused.
   */
  async wasReset(): Promise<boolean> {
    await delay(GAP_MS);
    await writeAll(this.socket, Uint8Array.of(0x0a))
      .catch(() => this.end = "rst");
    return this.end === "rst";
  }

  /** Sends RST. */
  reset(): void {
    this.socket.close(new Deno.errors.ConnectionReset("On purpose"));
  }

  close(): void {
    this.socket.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  /**
   * The next bytes must be these; what follows them stays unread.
   *
   * @throws {Failure} They are not; `classify` may know why.
   */
  async expect(
    data: string | Uint8Array,
    classify: Classify = () => null,
  ): Promise<void> {
    const expected = bytesOf(data);
    for (let at = 0; at < expected.length;) {
      const chunk = await this.receive(undefined, expected.length - at);
      if (chunk === null) {
        const actual = expected.subarray(0, at);
        const better = classify(actual, expected);
        throw this.failure(better ?? this.missing(at), expected, actual, at);
      }
      const same = commonLength(chunk, expected.subarray(at));
      if (same < chunk.length) {
        const wrong = concat([chunk.subarray(same), await this.#following()]);
        at += same;
        const actual = concat([expected.subarray(0, at), wrong]);
        const symptom = classify(actual, expected) ?? "changed";
        throw this.failure(symptom, expected, actual, at);
      }
      at += chunk.length;
    }
  }

  /**
   * At least one byte must come; what it is stays unread.
   *
   * @throws {Failure} `silent`, `ended` or `reset`.
   */
  async something(): Promise<void> {
    const chunk = await this.receive();
    if (chunk === null) throw this.failure(this.missing(0));
    this.unread(chunk);
  }

  /**
   * The peer's FIN must come, and nothing before it.
   *
   * @throws {Failure} `extra`, `open` or `reset`.
   */
  async expectEnd(classify: Classify = () => null): Promise<void> {
    const chunk = await this.receive();
    if (chunk !== null) {
      const actual = concat([chunk, await this.#following()]);
      const symptom = classify(actual, new Uint8Array()) ?? "extra";
      throw this.failure(symptom, new Uint8Array(), actual, 0);
    }
    if (this.end === "fin") return;
    throw this.failure(this.end === "rst" ? "reset" : "open");
  }

  /**
   * No bytes may come for a while. This can pass wrongly, and never fails
   * wrongly.
   */
  async expectNothing(classify: Classify): Promise<void> {
    const chunk = await this.receive(this.patience.quietMs);
    if (chunk === null) return;
    const symptom = classify(chunk, new Uint8Array()) ?? "extra";
    throw this.failure(symptom, new Uint8Array(), chunk, 0);
  }

  /** What comes shortly after: it shows what kind of wrong it is. */
  #following(): Promise<Uint8Array> {
    return this.rest(this.patience.quietMs, 64 * 1024);
  }
}

/** How many bytes are the same from the beginning. */
function commonLength(a: Uint8Array, b: Uint8Array): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) if (a[i] !== b[i]) return i;
  return length;
}
