import { Limit } from "./limit.ts";

/** After so many bytes nothing is passed on, no end either: only a clock helps. */
export class Silence extends Limit {
  protected override async onLimit(): Promise<void> {}
}
