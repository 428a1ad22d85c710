import { Pass } from "./pass.ts";

/** Says nothing for so long, once: before the first byte, or the end. */
export class Hold extends Pass {
  #leftMs = this.value;

  override async write(data: Uint8Array): Promise<number> {
    await this.#hold();
    return await this.socket.write(data);
  }

  override async closeWrite(): Promise<void> {
    await this.#hold();
    await this.socket.closeWrite();
  }

  async #hold(): Promise<void> {
    const ms = this.#leftMs;
    this.#leftMs = 0;
    await this.waitFor(ms);
  }
}
