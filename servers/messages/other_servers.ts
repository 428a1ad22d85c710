import { nicknameKey } from "../../protocol/nickname.ts";
import {
  type BusMember,
  type BusMessage,
  keepsName,
  type Located,
} from "../../protocol/server_bus.ts";

/** What has become known of a member of another server. */
export type Change =
  | { type: "joined"; member: BusMember }
  | { type: "renamed"; from: string; member: BusMember }
  | { type: "left"; name: string };

/** Who tells of more servers or members is no server of ours. */
const MAX_SERVERS = 100;
const MAX_MEMBERS = 100_000;

/** A server that is silent for so many ticks is dead. */
const DEAD_TICKS = 8;

/** The names of all members of other servers. */
class NameIndex {
  /** How often one came, or went. */
  changes = 0;
  readonly #counts = new Map<string, number>();

  has(key: string): boolean {
    return this.#counts.has(key);
  }

  count(name: string, by: 1 | -1): void {
    const key = nicknameKey(name);
    const count = (this.#counts.get(key) ?? 0) + by;
    this.changes++;
    if (count === 0) this.#counts.delete(key);
    else this.#counts.set(key, count);
  }
}

/** What is known of one other server, from its messages. */
export class OtherServer {
  readonly members = new Map<number, BusMember>();
  /** Something was lost: its state has to be asked for. */
  stale = true;
  /** It has told its state, and neither fallen silent nor said bye since. */
  alive = false;
  readonly #names: NameIndex;
  #seq = -1;
  #lines = 0;
  #silentTicks = 0;
  /** Those of a state that is still coming; null: its beginning was lost. */
  #parts: BusMember[] | null = null;

  constructor(readonly id: string, names: NameIndex) {
    this.#names = names;
  }

  /**
   * Takes note of a message's numbers: how many lines before it were lost; null
   * when it has been heard before, or a later one has.
   */
  number({ seq, lines, type }: BusMessage): number | null {
    if (seq <= this.#seq) return null;
    const isFirst = this.#seq < 0;
    if (seq !== this.#seq + 1) {
      this.stale = true;
      this.#parts = null;
    }
    const before = type === "said" ? lines - 1 : lines;
    const lost = isFirst ? 0 : Math.max(0, before - this.#lines);
    this.#seq = seq;
    this.#lines = Math.max(lines, this.#lines);
    this.#silentTicks = 0;
    return lost;
  }

  /** What a message changes. While the state is not known, nothing does. */
  apply(message: BusMessage): Change[] {
    if (message.type === "state") return this.#collect(message);
    if (message.type === "bye") return this.end();
    if (this.stale) return [];
    switch (message.type) {
      case "joined":
        return this.#put(message.member);
      case "renamed": {
        const member = this.members.get(message.id);
        const { name, since } = message;
        return member ? this.#put({ ...member, name, since }) : [];
      }
      case "left":
        return this.drop(message.id);
      default:
        return [];
    }
  }

  /** Counts a tick; whether it has now been silent for too long. */
  tick(): boolean {
    return ++this.#silentTicks >= DEAD_TICKS && this.alive;
  }

  /** It may have changed unheard: until it tells its state, nothing is sure. */
  expectState(): void {
    this.stale = true;
    this.#silentTicks = 0;
  }

  /** It is gone. Its numbers are kept: it may only have been cut off. */
  end(): Change[] {
    this.alive = false;
    this.stale = true;
    return [...this.members.keys()].flatMap((id) => this.drop(id));
  }

  drop(id: number): Change[] {
    const member = this.members.get(id);
    if (member === undefined) return [];
    this.members.delete(id);
    this.#names.count(member.name, -1);
    return [{ type: "left", name: member.name }];
  }

  #collect(state: BusMessage & { type: "state" }): Change[] {
    if (state.part === 0) this.#parts = [];
    if (this.#parts === null) return [];
    this.#parts.push(...state.members);
    if (this.#parts.length > MAX_MEMBERS) this.#parts = null;
    if (this.#parts === null || !state.last) return [];
    const now = new Map(this.#parts.map((member) => [member.id, member]));
    this.#parts = null;
    this.stale = false;
    this.alive = true;
    const gone = [...this.members.keys()].filter((id) => !now.has(id));
    return [
      ...gone.flatMap((id) => this.drop(id)),
      ...[...now.values()].flatMap((member) => this.#put(member)),
    ];
  }

  #put(member: BusMember): Change[] {
    const before = this.members.get(member.id);
    if (before === undefined && this.members.size >= MAX_MEMBERS) return [];
    this.members.set(member.id, member);
    if (before?.name === member.name) return [];
    this.#names.count(member.name, 1);
    if (before === undefined) return [{ type: "joined", member }];
    this.#names.count(before.name, -1);
    return [{ type: "renamed", from: before.name, member }];
  }
}

/** The other servers that share the room. */
export class OtherServers {
  readonly #names = new NameIndex();
  readonly #servers = new Map<string, OtherServer>();

  /** Null: there are too many. */
  get(id: string): OtherServer | null {
    const known = this.#servers.get(id);
    if (known) return known;
    if (this.#servers.size >= MAX_SERVERS && !this.#forgetOne()) return null;
    const server = new OtherServer(id, this.#names);
    this.#servers.set(id, server);
    return server;
  }

  /** Whether a member of one of them has a name with this key. */
  has(key: string): boolean {
    return this.#names.has(key);
  }

  /** How often one of their members came, left or took another name. */
  get changes(): number {
    return this.#names.changes;
  }

  /** Ends the earlier logins of a user who has logged in at `login.server`. */
  supersede(login: Located): Change[] {
    const key = nicknameKey(login.name);
    if (!login.fixed || !this.has(key)) return [];
    return [...this.alive()].filter(({ id }) => id !== login.server)
      .flatMap((server) =>
        [...server.members.values()].filter((member) =>
          member.fixed && nicknameKey(member.name) === key &&
          !keepsName({ ...member, server: server.id }, login)
        ).flatMap(({ id }) => server.drop(id))
      );
  }

  *members(): Generator<BusMember> {
    for (const server of this.#servers.values()) yield* server.members.values();
  }

  /** Counts a tick, and ends those that have been silent for too long. */
  tick(): Change[] {
    return [...this.#servers.values()].filter((server) => server.tick())
      .flatMap((server) => server.end());
  }

  *alive(): Generator<OtherServer> {
    for (const server of this.#servers.values()) {
      if (server.alive) yield server;
    }
  }

  #forgetOne(): boolean {
    for (const [id, { alive, members }] of this.#servers) {
      if (!alive && members.size === 0) return this.#servers.delete(id);
    }
    return false;
  }
}
