import { HeldBack } from "./held_back.ts";

/**
 * Everything comes so much later, give or take `second` ms, and in order: the
 * way is long, the line is not thin.
 */
export class Delay extends HeldBack {
  protected override dueMs(nowMs: number, lastMs = 0): number {
    const jitterMs = this.second * (2 * this.tools.random() - 1);
    return Math.max(nowMs + this.value + jitterMs, lastMs);
  }
}
