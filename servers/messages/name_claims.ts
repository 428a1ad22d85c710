import { nicknameKey } from "../../protocol/nickname.ts";
import type { BusBody } from "../../protocol/server_bus.ts";
import type { Member } from "./room.ts";

/** A member that waits for a name until every other server has agreed. */
export interface Claim {
  readonly member: Member;
  readonly name: string;
  /** The servers that have agreed. */
  readonly granted: Set<string>;
  /** In ticks. */
  age: number;
  /** Resolves when it is decided. */
  readonly decided: PromiseWithResolvers<void>;
}

/** Who does not answer for so many ticks, and still lives, need not agree. */
const PATIENCE_TICKS = 10;

/**
 * The names that our members wait for. A claim needs the consent of each other
 * server; of two for one name at the same time, that of the server with the
 * smaller id wins. Two cannot both win: the one with the greater id would have
 * to consent, which gives its own claim up; the other one does not consent.
 */
export class NameClaims {
  readonly #self: string;
  readonly #claims = new Map<number, Claim>();
  #last = 0;

  constructor(self: string) {
    this.#self = self;
  }

  /** What to tell the others of it. */
  open(member: Member, name: string): BusBody {
    const decided = Promise.withResolvers<void>();
    const granted = new Set<string>();
    const claim = { member, name, granted, age: 0, decided };
    this.#claims.set(++this.#last, claim);
    return { type: "claim", claim: this.#last, name };
  }

  of(member: Member): Claim | undefined {
    return this.#claims.values().find((claim) => claim.member === member);
  }

  /** Whether somebody waits for that name. */
  has(name: string): boolean {
    return this.#withKey(nicknameKey(name)).length > 0;
  }

  /** Whether we claim `name`, and need not give it up for a claim of `server`. */
  holds(name: string, server: string): boolean {
    return this.has(name) && server > this.#self;
  }

  /** A server with the smaller id claims `name`: ours to it are lost. */
  yieldTo(server: string, name: string): Claim[] {
    if (server > this.#self) return [];
    return this.#withKey(nicknameKey(name)).map((id) => this.#close(id)!);
  }

  /** Takes note of the word of `from`; the claim that is lost by it, if any. */
  answer(
    { from, claim, granted }: { from: string; claim: number; granted: boolean },
  ): Claim[] {
    if (granted) this.#claims.get(claim)?.granted.add(from);
    const lost = granted ? undefined : this.#close(claim);
    return lost ? [lost] : [];
  }

  /** Takes a claim out, and lets its member go on. */
  #close(id: number): Claim | undefined {
    const claim = this.#claims.get(id);
    this.#claims.delete(id);
    claim?.decided.resolve();
    return claim;
  }

  cancel(member: Member): void {
    for (const [id, claim] of this.#claims) {
      if (claim.member === member) this.#close(id);
    }
  }

  /** Takes out those that all of `servers` have agreed to. */
  takeGranted(servers: readonly string[]): Claim[] {
    const ready = [...this.#claims].filter(([, { granted, age }]) =>
      age > PATIENCE_TICKS || servers.every((server) => granted.has(server))
    );
    return ready.map(([id]) => this.#close(id)!);
  }

  /** Counts a tick. One may have been lost: what to tell of all, again. */
  tick(): BusBody[] {
    return [...this.#claims].map(([claim, one]) => {
      one.age++;
      return { type: "claim", claim, name: one.name };
    });
  }

  #withKey(key: string): number[] {
    return [...this.#claims].filter(([, { name }]) => nicknameKey(name) === key)
      .map(([id]) => id);
  }
}
