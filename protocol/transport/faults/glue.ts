import { HeldBack } from "./held_back.ts";

/** What comes within so long goes on as one: several lines in one read. */
export class Glue extends HeldBack {
  protected override dueMs(nowMs: number, lastMs?: number): number {
    return lastMs ?? nowMs + this.value;
  }
}
