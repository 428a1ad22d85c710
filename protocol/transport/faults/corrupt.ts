import { Pass } from "./pass.ts";

/**
 * Flips one bit of the byte at this offset, counted from 0. TCP's checksum
 * finds what happens on a wire; what happens inside a machine it does not see.
 */
export class Corrupt extends Pass {
  readonly #bit = 1 << Math.floor(this.tools.random() * 8);
  #passed = 0;

  override async write(data: Uint8Array): Promise<number> {
    const at = this.value - this.#passed;
    if (at >= 0 && at < data.length) {
      data = data.slice(); // It is lent.
      data[at]! ^= this.#bit;
    }
    const count = await this.socket.write(data);
    this.#passed += count;
    return count;
  }
}
