import { nicknameKey } from "../../protocol/nickname.ts";
import {
  type BusBody,
  type BusMember,
  keepsName,
  type Located,
  MEMBERS_PER_PART,
} from "../../protocol/server_bus.ts";
import type { Member } from "./room.ts";

/** Who claims to come from a later time than this, in ms, has a wrong clock. */
const MAX_AHEAD_MS = 3_600_000;

/** The members of this server, with what others have to know of them. */
export class OurMembers {
  readonly #now: () => number;
  readonly #members = new Map<Member, { id: number; since: number }>();
  #lastStamp = 0;
  /** How often somebody came, left or took another name. */
  changes = 0;

  /** `now` is a clock in ms since 1970. */
  constructor(now: () => number) {
    this.#now = now;
  }

  add(member: Member): void {
    const stamp = this.#stamp();
    this.changes++;
    this.#members.set(member, { id: stamp, since: stamp });
  }

  has(member: Member): boolean {
    return this.#members.has(member);
  }

  renamed(member: Member): void {
    const numbers = this.#members.get(member);
    this.changes++;
    if (numbers) numbers.since = this.#stamp();
  }

  remove(member: Member): void {
    this.changes++;
    this.#members.delete(member);
  }

  /** `member` as others know it; undefined: it has left. */
  get(member: Member): BusMember | undefined {
    const numbers = this.#members.get(member);
    const { name, fixed = false } = member;
    return numbers && { name, fixed, ...numbers };
  }

  *all(): Generator<[Member, BusMember]> {
    for (const member of this.#members.keys()) {
      yield [member, this.get(member)!];
    }
  }

  /** Those that have to give up their name, since `theirs` keeps it. */
  yielding(theirs: Located, server: string): Member[] {
    const key = nicknameKey(theirs.name);
    return [...this.all()].filter(([, ours]) =>
      nicknameKey(ours.name) === key && !keepsName({ ...ours, server }, theirs)
    ).map(([member]) => member);
  }

  /** From now on, ours are later than what another server has told. */
  see({ since }: BusMember): void {
    if (since > this.#now() + MAX_AHEAD_MS) return;
    this.#lastStamp = Math.max(this.#lastStamp, since);
  }

  /** All of them, in as many messages as it takes. */
  state(): BusBody[] {
    const members = [...this.all()].map(([, member]) => member);
    const count = Math.max(1, Math.ceil(members.length / MEMBERS_PER_PART));
    return Array.from({ length: count }, (_, part) => {
      const first = part * MEMBERS_PER_PART;
      return {
        type: "state",
        part,
        last: part === count - 1,
        members: members.slice(first, first + MEMBERS_PER_PART),
      };
    });
  }

  /** A time that no other member here has, and later than all that are known. */
  #stamp(): number {
    return this.#lastStamp = Math.max(this.#now(), this.#lastStamp + 1);
  }
}
