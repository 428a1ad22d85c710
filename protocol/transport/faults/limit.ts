import { Pass } from "./pass.ts";

/** Passes exactly so many bytes on. Then `onLimit()`, once, and no more. */
export abstract class Limit extends Pass {
  #left = this.value;

  protected get reached(): boolean {
    return this.#left === 0;
  }

  protected abstract onLimit(): Promise<void>;

  override async write(data: Uint8Array): Promise<number> {
    if (this.reached) return data.length; // Thrown away.
    const count = await this.socket.write(data.subarray(0, this.#left));
    this.#left -= count;
    if (this.reached) await this.onLimit();
    return count;
  }

  override async closeWrite(): Promise<void> {
    if (!this.reached) await this.socket.closeWrite();
  }
}
