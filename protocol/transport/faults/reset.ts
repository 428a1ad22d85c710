import { Limit } from "./limit.ts";

/**
 * After so many bytes, or what is left of them, the peer gets RST: that may
 * overtake and destroy what is on its way.
 */
export class Reset extends Limit {
  /** @throws {Deno.errors.ConnectionReset} For who relays: this has ended. */
  protected override onLimit(): Promise<never> {
    const reason = new Deno.errors.ConnectionReset("Reset on purpose");
    this.close(reason);
    return Promise.reject(reason);
  }
}
