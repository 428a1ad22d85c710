import {
  type ClientCommand,
  formatServerLine,
  type ServerLine,
} from "../../protocol/messages.ts";
import type { Log } from "../log.ts";
import { counter, gauge, type Metric } from "../metrics.ts";
import { Broadcaster } from "./broadcaster.ts";
import type { Outbox } from "./outbox.ts";
import type { Happening } from "./happening.ts";
import { type Member, type Notice, Room } from "./room.ts";
import type { SharedRoom } from "./shared_room.ts";

/** A member of the room, with its outbox. */
export interface Client {
  readonly member: Member;
  readonly outbox: Outbox;
  readonly peer: string;
}

/** A `Room`, or one that several servers share. */
type AnyRoom =
  & Pick<Room, "join" | "hear" | "leave">
  & Partial<Pick<SharedRoom, "replace" | "decided" | "stop">>;

/** Who lets so many bytes wait in the room is not heard from other servers. */
const MAX_BACKLOG_BYTES = 4 * 1024 * 1024;

/** A `Room` with its clients. Sends and logs what happens in it. */
export class MessageHub {
  readonly #room: AnyRoom;
  readonly #log: Log;
  readonly #clients = new WeakMap<Member, Client>();
  readonly #audience = new Broadcaster<Client>((client) => {
    this.#tooSlow++;
    const { maxBytes } = client.outbox;
    const refusal = { type: "too-slow", queueBytes: maxBytes } as const;
    this.dismiss(client, "too slow", { type: "refused", refusal });
  });
  #stopping = false;
  #lines = 0;
  #deliveries = 0;
  #tooSlow = 0;

  /** `log` must not throw: see `harmless()`. */
  constructor(log: Log = () => {}, room: AnyRoom = new Room()) {
    this.#log = log;
    this.#room = room;
  }

  get size(): number {
    return this.#audience.size;
  }

  /** Resolves when more lines may be read; null if they may be now. */
  get busy(): Promise<void> | null {
    return this.#audience.full;
  }

  /** Whether more lines wait than could be sent on, from wherever they come. */
  get isFlooded(): boolean {
    return this.#audience.waitingBytes > MAX_BACKLOG_BYTES;
  }

  metrics(): Metric[] {
    let queuedBytes = 0;
    for (const { outbox } of this.#audience.recipients()) {
      queuedBytes += outbox.queuedBytes;
    }
    return [
      gauge("tcplab_chat_members", "Clients in the room.", this.size),
      counter(
        "tcplab_chat_lines_total",
        "Lines that clients sent.",
        this.#lines,
      ),
      counter(
        "tcplab_chat_deliveries_total",
        "Lines for clients, counted once for each that gets one.",
        this.#deliveries,
      ),
      gauge(
        "tcplab_chat_queued_bytes",
        "Bytes for clients that the system has not taken yet.",
        queuedBytes,
      ),
      counter(
        "tcplab_chat_too_slow_total",
        "Clients dismissed because they left too much unread.",
        this.#tooSlow,
      ),
    ];
  }

  /**
   * Lets a client in; `login` is the name that it has logged in with. Who logs
   * in again takes the place of a connection that may be dead.
   */
  join(outbox: Outbox, peer: string, login?: string): Client {
    if (login !== undefined) {
      this.#replace(login);
      this.apply(this.#room.replace?.(login) ?? []);
    }
    const { member, notices } = this.#room.join(login);
    const client = { member, outbox, peer };
    this.#clients.set(member, client);
    this.#audience.add(client);
    this.#publish(client, notices);
    return client;
  }

  #replace(login: string): void {
    for (const client of this.#audience.recipients()) {
      if (client.member.name !== login) continue;
      const refusal = { type: "logged-in-again" } as const;
      this.dismiss(client, "replaced", { type: "refused", refusal });
      return;
    }
  }

  /**
   * Carries out a client's command; ignores one from a dismissed client. Where
   * other servers have a say in it, the next one has to wait for the promise.
   */
  hear(client: Client, command: ClientCommand): Promise<void> | undefined {
    this.#lines++;
    const { peer, member: { name } } = client;
    const { type } = command; // What was said stays among those who talk.
    this.#log({ level: "debug", event: "command", peer, name, type });
    this.#publish(client, this.#room.hear(client.member, command), "quit");
    return this.#room.decided?.(client.member);
  }

  /** Sends and logs what has happened through other servers. */
  apply(happenings: readonly Happening[]): void {
    for (const { self, notices, reason, log } of happenings) {
      if (log) this.#log(log);
      if (self === null) {
        for (const { line } of notices) this.#tellAll(line);
      } else this.#publish(this.#clients.get(self)!, notices, reason);
    }
  }

  /** Removes a client that is gone, once; `reason` is for the log. */
  leave(client: Client, reason: string): void {
    if (!this.#audience.has(client)) return;
    this.#audience.remove(client);
    this.#publish(client, this.#room.leave(client.member), reason);
  }

  /** Removes a client: sends the last line, then FIN. */
  dismiss(client: Client, reason: string, lastLine?: ServerLine): void {
    if (!this.#audience.has(client)) return;
    if (lastLine) this.#tell(client, "self", lastLine);
    this.#publish(client, this.#room.leave(client.member), reason);
  }

  /** Dismisses everyone. */
  readonly stop = (): void => {
    this.#stopping = true;
    this.#room.stop?.();
    for (const client of this.#audience.recipients()) {
      this.dismiss(client, "shutdown", { type: "shutdown" });
    }
  };

  /** Sends and logs what `self` has caused in the room. */
  #publish(self: Client, notices: readonly Notice[], reason = ""): void {
    const { peer, member: { name } } = self;
    for (const { to, line } of notices) {
      // When everyone leaves, there is nobody to notify.
      if (!this.#stopping || to === "self") this.#tell(self, to, line);
      switch (line.type) {
        case "joined":
          this.#log({ event: "join", peer, name });
          break;
        case "renamed":
          this.#log({ event: "rename", peer, name, from: line.from });
          break;
        case "left":
          this.#log({ event: "leave", peer, name, reason });
          if (this.#audience.has(self)) this.#audience.end(self);
          break;
      }
    }
  }

  #tell(self: Client, to: Notice["to"], line: ServerLine): void {
    if (to === "self") {
      this.#audience.tell(self, textOf(line));
      this.#deliveries++;
    } else this.#tellAll(line, to === "others" ? self : undefined);
  }

  #tellAll(line: ServerLine, except?: Client): void {
    this.#audience.tellAll(textOf(line), except);
    this.#deliveries += this.size;
    if (except && this.#audience.has(except)) this.#deliveries--;
  }
}

function textOf(line: ServerLine): string {
  return `${formatServerLine(line)}\r\n`;
}
