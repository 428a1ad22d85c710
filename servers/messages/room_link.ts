import {
  formatBusMessage,
  newServerId,
  parseBusMessage,
} from "../../protocol/server_bus.ts";
import { quote } from "../../protocol/text.ts";
import type { Log } from "../log.ts";
import type { MessageHub } from "./hub.ts";
import { SharedRoom } from "./shared_room.ts";

/** What carries messages between the servers that share a room. */
export interface Bus {
  /** Sends to all servers but this one; what cannot be sent is lost. */
  publish(text: string): void;
  /** Begins to tell what comes, and whether anything can. */
  start(listener: BusListener): void;
  /** Sends what waits, and ends. */
  close(): Promise<void>;
}

export interface BusListener {
  onMessage(text: string): void;
  onUp(): void;
  onDown(): void;
}

/** How often a server says that it lives, in ms. Eight times unheard: dead. */
const TICK_MS = 500;

/** A server's part in a room that it shares with others over a bus. */
export class RoomLink implements AsyncDisposable {
  readonly room: SharedRoom;
  readonly #bus: Bus;
  #timer: ReturnType<typeof setInterval> | undefined;
  #isBadTold = false;

  constructor(bus: Bus, id = newServerId()) {
    this.#bus = bus;
    const send = (message: Parameters<typeof formatBusMessage>[0]) =>
      bus.publish(formatBusMessage(message));
    this.room = new SharedRoom({ send, id });
  }

  /** Takes part with the clients of `hub`, whose room must be that of the link. */
  start(hub: MessageHub, log: Log): void {
    this.#timer = setInterval(() => {
      this.#isBadTold = false;
      hub.apply(this.room.tick());
    }, TICK_MS);
    this.#bus.start({
      onMessage: (text) => this.#receive(text, hub, log),
      onUp: () => hub.apply(this.room.linked()),
      onDown: () => hub.apply(this.room.unlinked()),
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#timer);
    this.room.stop();
    await this.#bus.close();
  }

  #receive(text: string, hub: MessageHub, log: Log): void {
    const message = parseBusMessage(text);
    // What comes under our own id is not of us: nobody hears itself.
    if (message === null || message.from === this.room.id) {
      // Once a tick is enough to know of.
      const entry = { event: "bad-message", level: "error" } as const;
      if (!this.#isBadTold) log({ ...entry, text: quote(text) });
      this.#isBadTold = true;
      return;
    }
    // As lost as one that the bus has lost: its number will be missed, and told.
    if (message.type === "said" && hub.isFlooded) return;
    hub.apply(this.room.receive(message));
  }
}
