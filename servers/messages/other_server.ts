import type { ServerLine } from "../../protocol/messages.ts";
import { nicknameKey } from "../../protocol/nickname.ts";
import type {
  BusMember,
  BusMessage,
  Located,
} from "../../protocol/server_bus.ts";

/** What can be told of a member of another server. */
export type Change =
  | { type: "joined"; name: string }
  | { type: "renamed"; from: string; to: string }
  | { type: "left"; name: string };

/** A member of another server. */
export interface Known extends Located {
  /** The name under which ours know it; null: they have not been told of it. */
  shown: string | null;
}

/** Who tells of more members is no server of ours. */
const MAX_MEMBERS = 100_000;

/** A server that is silent for so many ticks is dead. */
const DEAD_TICKS = 8;

/** Names in use, by their keys: for a moment, one may be in use twice. */
class NameIndex {
  readonly #counts = new Map<string, number>();

  has(key: string): boolean {
    return this.#counts.has(key);
  }

  count(name: string | null, by: 1 | -1): void {
    if (name === null) return;
    const key = nicknameKey(name);
    const count = (this.#counts.get(key) ?? 0) + by;
    if (count === 0) this.#counts.delete(key);
    else this.#counts.set(key, count);
  }
}

/** What all other servers have in common. */
export class Names {
  readonly real = new NameIndex();
  readonly shown = new NameIndex();
  /** Those whose name ours do not know yet, in order. */
  readonly unshown = new Set<Known>();
  /** How often something was told to ours. */
  changes = 0;
}

/** What is known of one other server, from its messages. */
export class OtherServer {
  readonly members = new Map<number, Known>();
  /** Something was lost: its state has to be asked for. */
  stale = true;
  /** It has told its state, and neither fallen silent nor said bye since. */
  alive = false;
  /** It was taken for dead, and has not told its state since. */
  #wasEnded = false;
  readonly #names: Names;
  #seq = -1;
  #lines = 0;
  #silentTicks = 0;
  /** Those of a state that is still coming; null: its beginning was lost. */
  #parts: BusMember[] | null = null;

  constructor(readonly id: string, names: Names) {
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

  /** Who left; who came or has another name is to be shown. While the state is not known, nothing changes. */
  apply(message: BusMessage): Change[] {
    if (message.type === "state") return this.#collect(message);
    if (message.type === "bye") return this.end();
    if (this.stale) return [];
    switch (message.type) {
      case "joined":
        this.#put(message.member);
        return [];
      case "renamed": {
        const member = this.members.get(message.id);
        const { name, since } = message;
        if (member) this.#put({ ...member, name, since });
        return [];
      }
      case "left":
        return this.drop(message.id);
      default:
        return [];
    }
  }

  /**
   * What is told of a line. Who said it has left, for all that ours know; the
   * name may be somebody else's by now.
   */
  line(said: BusMessage & { type: "said" }): ServerLine {
    return this.#wasEnded ? { type: "lost", count: 1 } : said;
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
    this.#wasEnded = true;
    return [...this.members.keys()].flatMap((id) => this.drop(id));
  }

  drop(id: number): Change[] {
    const member = this.members.get(id);
    if (member === undefined) return [];
    this.members.delete(id);
    this.#names.changes++;
    this.#names.unshown.delete(member);
    this.#names.real.count(member.name, -1);
    this.#names.shown.count(member.shown, -1);
    return member.shown === null ? [] : [{ type: "left", name: member.shown }];
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
    this.#wasEnded = false;
    const gone = [...this.members.keys()].filter((id) => !now.has(id));
    const left = gone.flatMap((id) => this.drop(id));
    for (const member of now.values()) this.#put(member);
    return left;
  }

  #put({ id, name, fixed, since }: BusMember): void {
    let known = this.members.get(id);
    if (known) {
      this.#names.real.count(known.name, -1);
      Object.assign(known, { name, fixed, since });
    } else if (this.members.size < MAX_MEMBERS) {
      known = { id, name, fixed, since, server: this.id, shown: null };
      this.members.set(id, known);
    } else return;
    this.#names.real.count(name, 1);
    if (name !== known.shown) this.#names.unshown.add(known);
  }
}
