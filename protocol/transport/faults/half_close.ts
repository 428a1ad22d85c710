import { Limit } from "./limit.ts";

/** After so many bytes this direction ends with FIN; the other one goes on. */
export class HalfClose extends Limit {
  protected override async onLimit(): Promise<void> {
    await this.socket.closeWrite();
  }
}
