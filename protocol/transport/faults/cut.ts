import { HalfClose } from "./half_close.ts";

/**
 * After so many bytes the peer gets FIN, as from a program that ends in the
 * middle, and nobody listens to it any more.
 */
export class Cut extends HalfClose {
  override async read(buffer: Uint8Array): Promise<number | null> {
    for (;;) {
      const count = await super.read(buffer);
      if (count === null || !this.reached) return count;
    }
  }
}
