import { Pass } from "./pass.ts";

/**
 * So many bytes a write, `second` ms after the last: what the peer reads has
 * other borders than what was sent. Without a gap the kernel may join them.
 */
export class Slice extends Pass {
  #nextMs = 0;

  override async write(data: Uint8Array): Promise<number> {
    await this.waitFor(this.#nextMs - this.tools.now());
    const count = await this.socket.write(data.subarray(0, this.value));
    this.#nextMs = this.tools.now() + this.second;
    return count;
  }
}
