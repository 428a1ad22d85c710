import type { Socket } from "../socket.ts";
import { type FaultTools, Pass } from "./pass.ts";

/** A fault that can be switched off while it is in use: it counts on later. */
export class Switched extends Pass {
  constructor(
    socket: Socket,
    tools: FaultTools,
    readonly fault: Pass,
    readonly setting: { on: boolean },
  ) {
    super(socket, tools);
  }

  override read(buffer: Uint8Array): Promise<number | null> {
    return this.fault.read(buffer);
  }

  override async write(data: Uint8Array): Promise<number> {
    return await (await this.#path()).write(data);
  }

  override async closeWrite(): Promise<void> {
    await (await this.#path()).closeWrite();
  }

  override close(reason?: unknown): void {
    this.fault.close(reason); // Closes the socket behind it, too.
  }

  /** What is held back goes first. */
  async #path(): Promise<Socket> {
    if (this.setting.on) return this.fault;
    await this.fault.drained();
    return this.socket;
  }
}
