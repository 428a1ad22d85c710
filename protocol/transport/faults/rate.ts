import { Pass } from "./pass.ts";

/** What goes out at once is the bytes of so many ms. */
const PART_MS = 50;

/** At most so many bytes a second, as over a thin line. */
export class Rate extends Pass {
  #freeMs = 0;

  override async write(data: Uint8Array): Promise<number> {
    await this.waitFor(this.#freeMs - this.tools.now());
    const part = Math.ceil(this.value * PART_MS / 1000);
    const count = await this.socket.write(data.subarray(0, part));
    // From when it was due, not from when the timer came: that is always late.
    const startMs = Math.max(this.#freeMs, this.tools.now() - PART_MS);
    this.#freeMs = startMs + count * 1000 / this.value;
    return count;
  }
}
