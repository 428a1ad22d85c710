import { connect, type NatsConnection } from "@nats-io/transport-node";
import { formatEndpoint } from "../../protocol/transport/address.ts";
import type { Endpoint } from "../../protocol/transport/address.ts";
import type { Bus, BusListener } from "./room_link.ts";

/** How long the first connection may take, in ms. */
const CONNECT_MS = 5000;
/** How soon after a failure the next try comes, in ms. */
const RETRY_MS = 250;
/**
 * A broker that does not answer three of these, in ms, is away. It is known
 * after four at the most: before the others seem dead, whom it keeps from us.
 */
const PING_MS = 750;
/** How long a broker that no longer reads may hold up our end, in ms. */
const CLOSE_MS = 1000;

/** A bus through a NATS server: the one file that knows NATS. */
export class NatsBus implements Bus {
  readonly #nats: NatsConnection;
  readonly #subject: string;
  #isUp = true;

  private constructor(nats: NatsConnection, room: string) {
    this.#nats = nats;
    this.#subject = `tcplab.${room}`;
  }

  /** @throws {Error} The broker at `addr` cannot be reached. */
  static async connect(addr: Endpoint, room: string): Promise<NatsBus> {
    const nats = await connect({
      servers: formatEndpoint(addr),
      name: "tcplab",
      timeout: CONNECT_MS,
      maxReconnectAttempts: -1,
      // It may want a login for a while, and that must not be the end.
      ignoreAuthErrorAbort: true,
      reconnectTimeWait: RETRY_MS,
      pingInterval: PING_MS,
      maxPingOut: 3,
      noEcho: true,
      // A cluster names brokers that this process may not be allowed to reach.
      ignoreClusterUpdates: true,
      // By itself it would connect to addresses, which are other permissions.
      resolve: false,
    });
    // nats.js no longer listens to a socket that it destroys: a reset in
    // between would be nobody's error, and end the process.
    addEventListener("error", (event) => {
      const { code, syscall } = event.error ?? {};
      if (code === "ECONNRESET" && syscall === "read") event.preventDefault();
    });
    return new NatsBus(nats, room);
  }

  publish(text: string): void {
    if (!this.#isUp || this.#nats.isClosed()) return;
    try {
      this.#nats.publish(this.#subject, text);
    } catch {
      // Too long for that broker: lost, and the others see that it is missing.
    }
  }

  start(listener: BusListener): void {
    this.#nats.subscribe(this.#subject, {
      // Without one, they would wait in memory, however many.
      callback: (error, message) => {
        if (!error) listener.onMessage(message.string());
      },
    });
    void this.#follow(listener);
    listener.onUp();
  }

  async close(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, CLOSE_MS);
    const drained = this.#isUp ? this.#nats.drain() : this.#nats.close();
    await Promise.race([drained.catch(() => {}), promise]);
    clearTimeout(timer);
    await this.#nats.close();
  }

  async #follow({ onUp, onDown }: BusListener): Promise<void> {
    for await (const { type } of this.#nats.status()) {
      if (type === "disconnect" || type === "close") {
        this.#isUp = false;
        onDown();
      } else if (type === "reconnect" && !this.#isUp) {
        // It comes once more for each try that the broker refused.
        this.#isUp = true;
        onUp();
      }
    }
  }
}
